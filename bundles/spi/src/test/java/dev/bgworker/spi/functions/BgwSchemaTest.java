package dev.bgworker.spi.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of the schema that another version of the host left. */
class BgwSchemaTest {

    private Connection admin;

    @BeforeEach
    void open() throws SQLException {
        admin = DriverManager.getConnection("jdbc:h2:mem:;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE", "ADMIN", "");
    }

    @AfterEach
    void close() throws SQLException { admin.close(); }

    @Test
    void whatIsNotThisHostsIsReplacedOrDropped() throws SQLException {
        execute("CREATE SCHEMA bgw", "CREATE ALIAS bgw.pid FOR 'java.lang.System.nanoTime'",
                "CREATE ALIAS bgw.gone FOR 'java.lang.System.nanoTime'", "CREATE VIEW bgw.went AS SELECT 1 AS a",
                "CREATE VIEW bgw.workers AS SELECT 1 AS a");

        BgwSchema.make(admin);

        assertThat(strings("SELECT EXTERNAL_NAME FROM INFORMATION_SCHEMA.ROUTINES WHERE ROUTINE_NAME IN ('pid', 'gone')"))
                .containsExactly(SqlFunctions.class.getName() + ".pid");
        assertThat(strings("SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'bgw'"))
                .contains("workers")
                .doesNotContain("went");
        assertThat(strings("SELECT COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'workers'"))
                .contains("slot");
    }

    @Test
    void whatUsersBuiltOnItStays() throws SQLException {
        BgwSchema.make(admin);
        execute("CREATE VIEW mine AS SELECT pid FROM bgw.workers", "CREATE TABLE t (pid BIGINT DEFAULT bgw.pid())",
                "COMMENT ON SCHEMA bgw IS 'of another host'");

        BgwSchema.make(admin);

        execute("CREATE VIEW again AS SELECT * FROM mine");
        assertThat(strings("SELECT COLUMN_DEFAULT FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 't'").get(0))
                .contains("pid");
    }

    @Test
    void whatIsThisHostsIsLeftAlone() throws SQLException {
        BgwSchema.make(admin);
        execute("DROP VIEW bgw.workers");

        BgwSchema.make(admin);

        String views = "SELECT TABLE_NAME FROM INFORMATION_SCHEMA.VIEWS WHERE TABLE_SCHEMA = 'bgw'";
        assertThat(strings(views)).doesNotContain("workers");
        execute("COMMENT ON SCHEMA bgw IS 'of another host'");
        BgwSchema.make(admin);
        assertThat(strings(views)).contains("workers");
    }

    @Test
    void whatCannotBeDroppedDoesNotKeepTheDatabaseClosed() throws SQLException {
        execute("CREATE SCHEMA bgw", "CREATE ALIAS bgw.gone FOR 'java.lang.System.nanoTime'",
                "CREATE TABLE t (at BIGINT DEFAULT bgw.gone())");

        BgwSchema.make(admin);

        assertThat(strings("SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'bgw'"))
                .contains("workers");
    }

    private void execute(String... statements) throws SQLException {
        try (Statement statement = admin.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private List<String> strings(String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Statement statement = admin.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }
}
