package dev.bgworker.spi;

import dev.bgworker.spi.sql.Script;

import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.spi.sql.Command.Effect;
import java.sql.SQLSyntaxErrorException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Texts that hide a write where spi and the engine might cut tokens differently. */
class SqlTextTest {

    private final TestHost host = TestHost.inMemory();
    private final Session db = host.connect();

    @BeforeEach
    void table() {
        Sql.ddl(db, "CREATE TABLE t (a INT)");
        Sql.ddl(db, "CREATE SEQUENCE sq");
        Sql.commit(db, "INSERT INTO t VALUES (1)");
    }

    @AfterEach
    void stop() { host.close(); }

    private void assertRefusedReadOnly(String sqlState, String sql) {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect(); var snapshot = tx.snapshot().push()) {
            Sql.assertError(sqlState, () -> spi.execute(sql, true, 0));
        }
        assertThat(Sql.single(db, Long.class, "SELECT COUNT(*) FROM t")).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT 1 --\r; INSERT INTO t VALUES (99); SELECT 2 --\n AS x",
            "SELECT 1 //\r; INSERT INTO t VALUES (99)", "SELECT 1 --\r\n; INSERT INTO t VALUES (99)",
            "SELECT 1 -- x\n; INSERT INTO t VALUES (99)", "SELECT a FROM t --\r FOR UPDATE",
            "SELECT a FROM t //\r FOR UPDATE"})
    @Tag("R182")
    void aLineCommentEndsAtEitherEndOfLine(String sql) { assertRefusedReadOnly("0A000", sql); }

    @ParameterizedTest
    @ValueSource(strings = {"1FOR UPDATE", "1LFOR UPDATE", "1.FOR UPDATE", "1.5FOR UPDATE", "1E5FOR UPDATE",
            "1e+5FOR UPDATE", "1_000FOR UPDATE", "99999999999FOR UPDATE", "99999999999LFOR UPDATE", ".5FOR UPDATE"})
    @Tag("R182")
    void aWordBehindANumberNeedsNoSpace(String number) {
        String sql = "SELECT a FROM t WHERE a = " + number;
        assertThat(Script.parse(sql).commands().get(0).effect()).isEqualTo(Effect.LOCK);
        assertRefusedReadOnly("0A000", sql);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x1F", "0b11", "0o17", "12", "1.5E-3", "1_000", "1E5", "7L"})
    void aNumberIsStillOneNumber(String number) {
        assertThat(Sql.single(db, Object.class, "SELECT " + number)).isNotNull();
        assertThat(Script.parse("SELECT " + number).commands().get(0).plainQuery()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aNulIsNoText(boolean readOnly) {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect(); var snapshot = tx.snapshot().push()) {
            Sql.assertError("22021", () -> spi.execute("SELECT a FROM t WHERE a = 1\0FOR UPDATE", readOnly, 0));
            Sql.assertError("25P02", () -> spi.execute("SELECT 1", readOnly, 0));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', value = {"\"NEXTVAL\"('sq') | true", "\"nextval\"('sq') | true",
            "`nextval`('sq') | true", "sq.nextval | true", "sq.\"NEXTVAL\" | true", "U&\"N\\0045XTVAL\"('sq') | true",
            "'''NEXTVAL''' | false", "\"a\" | false"})
    void aFunctionThatAdvancesASequenceIsKnownInQuotes(String call, boolean expected) {
        assertThat(Script.parse("SELECT " + call).commands().get(0).sequence()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT a FROM t {oj FOR} UPDATE", "SELECT {fn ABS(1)}", "{call ABS(1)}"})
    void anEscapeOfJdbcIsASyntaxError(String sql) { assertRefusedReadOnly("42601", sql); }

    @ParameterizedTest
    @ValueSource(strings = {"INSERT INTO t VALUES (2); SELECT 1 /* abc", "INSERT INTO t VALUES (2) /*",
            "INSERT INTO t VALUES (2); SELECT 'abc"})
    void ofATextThatIsNotClosedNothingIsExecuted(String sql) {
        Sql.assertFails(db, "42601", sql);
        Transaction tx = db.startTransaction();
        assertThatThrownBy(() -> tx.connection().createStatement().execute(sql)).isInstanceOf(SQLSyntaxErrorException.class)
                .hasMessageStartingWith("unterminated ");
        tx.abort();
        assertThat(Sql.single(db, Long.class, "SELECT COUNT(*) FROM t")).isOne();
    }

    @Test
    void aBraceInALiteralIsNoEscape() {
        assertThat(Sql.single(db, String.class, "SELECT '{fn x}' /* { */")).isEqualTo("{fn x}");
    }
}
