package dev.bgworker.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.spi.sql.Command;
import dev.bgworker.spi.sql.Command.Effect;
import dev.bgworker.spi.sql.Script;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schema {@code bgw} is the host's, whoever may create schemas. */
class OwnSchemaTest {

    private static List<Effect> effects(String sql) {
        return Script.parse(sql).commands().stream().map(Command::effect).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"DROP SCHEMA bgw", "DROP SCHEMA IF EXISTS \"bgw\" CASCADE", "ALTER SCHEMA bgw RENAME TO mine",
            "CREATE SCHEMA bgw", "CREATE TABLE bgw.t (a INT)", "CREATE TABLE postgres.bgw . t (a INT)",
            "CREATE OR REPLACE VIEW bgw/* */.workers AS SELECT 1", "DROP VIEW bgw.workers", "DROP VIEW a, `bgw`.workers",
            "ALTER VIEW bgw.workers RECOMPILE", "ALTER VIEW IF EXISTS bgw.workers RENAME TO mine",
            "COMMENT ON VIEW bgw.workers IS 'x'", "COMMENT ON SCHEMA bgw IS 'x'", "CREATE INDEX i ON bgw.t (a)",
            "CREATE TRIGGER t BEFORE INSERT ON bgw.workers CALL 'x'", "GRANT INSERT ON SCHEMA bgw TO PUBLIC",
            "REVOKE SELECT ON bgw.workers FROM PUBLIC", "REVOKE SELECT ON SCHEMA bgw FROM PUBLIC",
            "CREATE SEQUENCE bgw.s", "TRUNCATE TABLE bgw.t", "DROP TABLE U&\"\\0062gw\".t", "DROP ALIAS bgw.pid"})
    void whatChangesItIsToldByItsText(String sql) { assertThat(effects(sql)).containsExactly(Effect.OWN_SCHEMA); }

    @ParameterizedTest
    @ValueSource(strings = {"CREATE VIEW mine AS SELECT * FROM bgw.workers", "CREATE TABLE t (pid BIGINT DEFAULT bgw.pid())",
            "CREATE TABLE t AS SELECT * FROM bgw.workers", "ALTER TABLE t ADD pid BIGINT DEFAULT bgw.pid()",
            "ALTER TABLE t ALTER COLUMN pid SET DEFAULT bgw.pid()", "CREATE TABLE bgw (a INT)", "DROP TABLE bgw",
            "GRANT SELECT ON t TO bgw", "COMMENT ON TABLE t IS 'bgw.workers'", "CREATE SCHEMA mine",
            "CREATE TABLE mine.bgw (a INT)"})
    void whatIsBuiltOnItIsTheUsers(String sql) { assertThat(effects(sql)).containsExactly(Effect.DDL); }

    @Test
    @Tag("R94")
    void notEvenASuperuserChangesIt() {
        try (TestHost host = TestHost.inMemory()) {
            Session db = host.connect();
            for (String sql : List.of("DROP SCHEMA bgw CASCADE", "DROP VIEW bgw.workers", "CREATE TABLE bgw.t (a INT)",
                    "CREATE OR REPLACE VIEW bgw.workers AS SELECT 1 AS pid", "ALTER SCHEMA bgw RENAME TO mine",
                    "GRANT INSERT ON SCHEMA bgw TO PUBLIC")) {
                Sql.assertFails(db, "42501", sql);
            }
            Sql.ddl(db, "CREATE VIEW mine AS SELECT name, setting FROM pg_settings");
            assertThat(Sql.single(db, String.class, "SELECT setting FROM mine WHERE name = 'deadlock_timeout'"))
                    .isEqualTo("1s");
        }
    }

    @Test
    void whatUsersBuiltOnItWorksAfterARestart(@TempDir Path data) {
        try (TestHost host = TestHost.at(data)) {
            host.provider().enter(State.RECOVERY_FINISHED);
            Session db = host.connect();
            Sql.ddl(db, "CREATE VIEW mine AS SELECT setting FROM bgw.pg_settings WHERE name = 'durability'");
            Sql.ddl(db, "CREATE TABLE t (a INT, pid BIGINT DEFAULT bgw.pid())");
        }
        try (TestHost host = TestHost.at(data)) {
            host.provider().enter(State.RECOVERY_FINISHED);
            TestProcess process = host.process();
            Session db = process.connect(ConnectTo.database("postgres"));
            Sql.commit(db, "INSERT INTO t (a) VALUES (1)");

            assertThat(Sql.single(db, String.class, "SELECT setting FROM mine")).isEqualTo("durable");
            assertThat(Sql.single(db, Long.class, "SELECT pid FROM t")).isEqualTo(process.pid());
        }
    }

    @Test
    void aFunctionKnowsTheProcessThatExecutesItsStatement() {
        try (TestHost host = TestHost.inMemory()) {
            TestProcess one = host.process();
            Session db = one.connect(ConnectTo.database("postgres"));

            assertThat(Sql.single(db, Long.class, "SELECT pg_backend_pid()")).isEqualTo(one.pid());
            assertThat(Sql.single(db, Long.class, "SELECT bgw.pid()")).isEqualTo(one.pid());
        }
    }

    @Test
    @Tag("R118a")
    void anErrorOfTheHostInAFunctionStaysWhatItIs() {
        try (TestHost host = TestHost.inMemory()) {
            Session db = host.connect();

            Sql.assertFails(db, "22003", "SELECT pg_terminate_backend(1, -1)");
            Sql.assertFails(db, "22023", "SELECT bgw.launch('lib', 'f', 'bgw_main_arg')");
            Sql.assertFails(db, "22023", "SELECT bgw.launch('lib', 'f', 'bgw_colour', 'red')");
        }
    }
}
