package dev.bgworker.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import java.sql.Connection;
import java.sql.Statement;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A statement that nests deeper than the engine can follow is an error of the statement. */
@Timeout(60)
class StackDepthTest {

    private static final int DEPTH = 20_000;
    private static final String TOO_DEEP = "54001";

    private final TestHost host = TestHost.inMemory();
    private final Session db = host.connect();

    @BeforeEach
    void table() { Sql.ddl(db, "CREATE TABLE t (a INT)"); }

    @AfterEach
    void stop() { host.close(); }

    private enum Text {
        PARENTHESES, SUM, UNION, SUBQUERIES, COMMENTS, COMMON;

        String sql() {
            String one = "(".repeat(DEPTH) + "1" + ")".repeat(DEPTH);
            return switch (this) {
                case PARENTHESES -> "SELECT " + one;
                case SUM -> "SELECT 1" + " + 1".repeat(DEPTH);
                case UNION -> "SELECT 1" + " UNION ALL SELECT 1".repeat(DEPTH);
                case SUBQUERIES -> "SELECT * FROM " + "(SELECT * FROM ".repeat(DEPTH) + "t" + ")".repeat(DEPTH);
                case COMMENTS -> "SELECT " + "/*".repeat(DEPTH) + "*/".repeat(DEPTH) + one;
                case COMMON -> "WITH q(a) AS (SELECT " + one + ") SELECT * FROM q";
            };
        }
    }

    /** The statement is refused, the transaction aborted, the session as good as before. */
    private void assertAborts(BiConsumer<Transaction, Spi> statement) {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            spi.execute("INSERT INTO t VALUES (1)", false, 0);
            statement.accept(tx, spi);
            Sql.assertError("25P02", () -> spi.execute("SELECT 1", false, 0));
        }
        assertThat(Sql.single(db, Long.class, "SELECT COUNT(*) FROM t")).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void execute(Text text) {
        assertAborts((tx, spi) -> Sql.assertError(TOO_DEEP, () -> spi.execute(text.sql(), false, 0)));
    }

    @ParameterizedTest
    @EnumSource
    void prepare(Text text) { assertAborts((tx, spi) -> Sql.assertError(TOO_DEEP, () -> spi.prepare(text.sql()))); }

    @ParameterizedTest
    @EnumSource
    void cursor(Text text) {
        assertAborts((tx, spi) -> Sql.assertError(TOO_DEEP, () -> spi.prepare(text.sql()).openCursor(null, false, false)));
    }

    @ParameterizedTest
    @EnumSource
    void connection(Text text) {
        assertAborts((tx, spi) -> Jdbc.assertFails(TOO_DEEP, () -> {
            Connection connection = tx.connection();
            try (Statement statement = connection.createStatement()) {
                statement.executeQuery(text.sql());
            }
        }));
        assertAborts((tx, spi) -> Jdbc.assertFails(TOO_DEEP, () -> tx.connection().prepareStatement(text.sql())));
    }

    @Test
    void itSaysWhatToDo() {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            ErrorException raised = catchThrowableOfType(ErrorException.class, () -> spi.execute(Text.SUM.sql(), false, 0));
            assertThat(raised.data().message()).isEqualTo("stack depth limit exceeded");
            assertThat(raised.data().hint()).contains("-Xss");
        }
    }

    @Test
    void ddlIsRefusedToo() {
        Sql.assertFails(db, TOO_DEEP, "CREATE TABLE v AS " + Text.PARENTHESES.sql());
        assertThat(Sql.single(db, Long.class, "SELECT COUNT(*) FROM t")).isZero();
    }
}
