package dev.bgworker.spi;

import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.Transaction;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/** Statements in transactions of their own, and what they raise. */
final class Sql {

    private Sql() {}

    static SpiResult.Code commit(Session db, String sql, Object... args) {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            SpiResult.Code code = spi.execute(sql, false, 0, args).code();
            spi.close();
            tx.commit();
            return code;
        }
    }

    static void ddl(Session db, String sql) { assertThat(commit(db, sql)).isEqualTo(SpiResult.Code.OK_UTILITY); }

    static <T> T single(Session db, Class<T> type, String sql, Object... args) {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            T value = spi.execute(sql, false, 0, args).get(0, 1, type);
            spi.close();
            tx.commit();
            return value;
        }
    }

    /** In a transaction of its own, which it spoils. */
    static void assertFails(Session db, String sqlState, String sql) {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            assertError(sqlState, () -> spi.execute(sql, false, 0));
        }
    }

    static void assertError(String sqlState, ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).isInstanceOf(Ereport.class);
        assertThat(((Ereport) thrown).data().sqlState()).as(thrown.getMessage()).isEqualTo(sqlState);
    }
}
