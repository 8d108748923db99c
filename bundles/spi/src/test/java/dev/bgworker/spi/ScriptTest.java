package dev.bgworker.spi;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.spi.sql.Command;
import dev.bgworker.spi.sql.Script;

import dev.bgworker.spi.sql.Command.Effect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ScriptTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "SELECT 1 | READ | OK_SELECT",
            "(SELECT 1) UNION (SELECT 2) | READ | OK_SELECT",
            "VALUES (1) | READ | OK_SELECT",
            "TABLE t | READ | OK_SELECT",
            "FROM t SELECT a | READ | OK_SELECT",
            "/* DELETE */ -- DROP | READ | ",
            "/* a /* b */ DELETE */ SELECT 'DELETE; DROP' | READ | OK_SELECT",
            "SELECT \"FOR\" \"UPDATE\" | READ | OK_SELECT",
            "SELECT $$ FOR UPDATE $$ | READ | OK_SELECT",
            "SELECT a FROM t FOR UPDATE | LOCK | OK_SELECT",
            "SELECT * FROM (SELECT a FROM t FOR NO KEY UPDATE) | LOCK | OK_SELECT",
            "WITH x AS (SELECT 1) SELECT * FROM x | READ | OK_SELECT",
            "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x | WRITE | OK_INSERT",
            "WITH x AS (SELECT a FROM OLD TABLE (DELETE FROM t)) SELECT * FROM x | WRITE | OK_SELECT",
            "SELECT a FROM FINAL TABLE (UPDATE t SET a = 1) | WRITE | OK_UPDATE_RETURNING",
            "SELECT a FROM OLD TABLE (DELETE FROM t) | WRITE | OK_DELETE_RETURNING",
            "SELECT a FROM NEW TABLE /* x */ ( INSERT INTO t VALUES (1)) | WRITE | OK_INSERT_RETURNING",
            "SELECT a FROM FINAL TABLE (MERGE INTO t KEY (a) VALUES (1)) | WRITE | OK_MERGE_RETURNING",
            "SELECT a FROM FINAL TABLE (REPLACE INTO t VALUES (1)) | WRITE | OK_SELECT",
            "insert into t values (1) | WRITE | OK_INSERT",
            "UPDATE t SET a = 1 | WRITE | OK_UPDATE",
            "DELETE FROM t | WRITE | OK_DELETE",
            "MERGE INTO t KEY (a) VALUES (1) | WRITE | OK_MERGE",
            "EXPLAIN SELECT 1 | READ | OK_UTILITY",
            "EXPLAIN ANALYZE DELETE FROM t | WRITE | OK_UTILITY",
            "SHOW TABLES | READ | OK_UTILITY",
            "CALL 1 | WRITE | OK_UTILITY",
            "CREATE TABLE t (a INT) | DDL | OK_UTILITY",
            "TRUNCATE TABLE t | DDL | OK_UTILITY",
            "BEGIN | TRANSACTION | OK_UTILITY",
            "COMMIT | TRANSACTION | OK_UTILITY",
            "ROLLBACK TO SAVEPOINT s | TRANSACTION | OK_UTILITY",
            "PREPARE COMMIT x | TRANSACTION | OK_UTILITY",
            "EXECUTE IMMEDIATE 'COMMIT' | HIDDEN | OK_UTILITY",
            "SET LOCK_TIMEOUT 1 | SETTING | OK_UTILITY",
            "ALTER USER x SET PASSWORD 'y' | CLUSTER | OK_UTILITY",
            "CREATE /* x */ DATABASE d | CLUSTER | OK_UTILITY",
            "DROP ROLE r | CLUSTER | OK_UTILITY",
            "GRANT CONNECT ON DATABASE d TO r | CLUSTER | OK_UTILITY",
            "GRANT SELECT ON t TO database | DDL | OK_UTILITY",
            "DROP TABLE database | DDL | OK_UTILITY",
            "ALTER SESSION x | SETTING | OK_UTILITY",
            "COPY t FROM STDIN | COPY | OK_UTILITY",
            "LISTEN x | LISTEN | OK_UTILITY",
            "SELECT $x$ FOR UPDATE; $$ $x$ | READ | OK_SELECT",
            "SELECT E'\\' FOR UPDATE' | READ | OK_SELECT",
            "SELECT E'\\\\' FOR UPDATE | LOCK | OK_SELECT",
            "SELECT '\\' FOR UPDATE | LOCK | OK_SELECT",
            "SELECT a FROM t WHERE a = $FOR UPDATE | LOCK | OK_SELECT",
            "SELECT a$$b FROM t FOR UPDATE | LOCK | OK_SELECT",
            "LOCK TABLE t IN ROW EXCLUSIVE MODE | LOCK_TABLE | OK_UTILITY",
            "lock t in access share mode nowait | LOCK_TABLE | OK_UTILITY",
            "LOCK TABLE ONLY s.\"T x\" * IN ROW SHARE MODE | LOCK_TABLE | OK_UTILITY",
            "LOCK TABLE t | EXCLUSIVE_LOCK_TABLE | OK_UTILITY",
            "LOCK TABLE t IN SHARE MODE | EXCLUSIVE_LOCK_TABLE | OK_UTILITY",
            "LOCK TABLE t IN NO MODE | WRITE | OK_UTILITY",
            "LOCK TABLE t IN SHARE MODE x | WRITE | OK_UTILITY",
            "selec 1 | WRITE | OK_UTILITY"})
    void aStatementIsWhatItsTokensSay(String sql, Effect effect, String code) {
        var commands = Script.parse(sql).commands();
        if (code == null) {
            assertThat(commands).isEmpty();
        } else {
            assertThat(commands).singleElement().satisfies(command -> {
                assertThat(command.effect()).isEqualTo(effect);
                assertThat(command.code().name()).isEqualTo(code);
            });
        }
    }

    @Test
    void statementsAreCutAtSemicolonsOutsideOfLiterals() {
        assertThat(Script.parse("; SELECT ';' ;; /* ; */ DELETE FROM \"a;b\" -- ;\n;").commands()).extracting(Command::sql)
                .containsExactly("SELECT ';'", "DELETE FROM \"a;b\"");
    }

    @Test
    void parametersAreCountedWhereTheyAreNoText() {
        assertThat(Script.parse("SELECT ?, '?', \"?\" -- ?").parameters()).isEqualTo(1);
        assertThat(Script.parse("SELECT ?1, ?2, ?1").parameters()).isEqualTo(2);
        assertThat(Script.parse("SELECT $1, $2").parameters()).isEqualTo(2);
        assertThat(Script.parse("DELETE FROM t WHERE a = ?; SELECT ?").parameters()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"CREATE UNIQUE INDEX i ON t(a),CREATE INDEX", "CREATE TABLE t(a INT),CREATE TABLE",
            "DROP SCHEMA s,DROP SCHEMA",
            "COMMENT ON TABLE t IS 'x',COMMENT", "SELECT a FROM t FOR SHARE,SELECT FOR UPDATE", "FROM t SELECT 1,SELECT"})
    void theTagNamesTheCommandAsPostgresDoes(String sql, String tag) {
        assertThat(Script.parse(sql).commands().get(0).tag()).isEqualTo(tag);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "SELECT 1 /* abc | /* comment | /* abc | 10",
            "SELECT 1 /* a /* b */ ; DELETE FROM t | /* comment | /* a /* b */ ; DELETE FROM t | 10",
            "DELETE FROM t; SELECT '\ud83d\ude00' /* | /* comment | /* | 12",
            "/*/ | /* comment | /*/ | 1",
            "SELECT 'a; DELETE FROM t | quoted string | 'a; DELETE FROM t | 8",
            "SELECT 'it''s | quoted string | 'it''s | 8",
            "SELECT 'a' ' | quoted string | ' | 12",
            "SELECT '' | | | ",
            "SELECT ''' | quoted string | ''' | 8",
            "SELECT E'x\\' | quoted string | E'x\\' | 8",
            "SELECT E' | quoted string | E' | 8",
            "SELECT E'\\ | quoted string | E'\\ | 8",
            "SELECT 1 AS \"a | quoted identifier | \"a | 13",
            "SELECT 1 AS \"a\"\"b | quoted identifier | \"a\"\"b | 13",
            "SELECT 1 AS \"a'/* \" | | | ",
            "SELECT $a$x | dollar-quoted string | $a$x | 8",
            "SELECT $a$ $$ $A$ | dollar-quoted string | $a$ $$ $A$ | 8",
            "NOTIFY news, $$ | dollar-quoted string | $$ | 14",
            "SELECT 1 -- /* ' | | | ",
            "SELECT '/*', 1 /* /* */ ' */ | | | "})
    void whatIsNotClosedIsAnError(String sql, String what, String near, Integer position) {
        ErrorData error = Script.parse(sql).error();
        if (what == null) {
            assertThat(error).isNull();
        } else {
            assertThat(error.sqlState()).isEqualTo("42601");
            assertThat(error.message()).isEqualTo("unterminated " + what + " at or near \"" + near + "\"");
            assertThat(error.internalPosition()).isEqualTo(position);
            assertThat(sql).endsWith(error.internalQuery());
        }
    }
}
