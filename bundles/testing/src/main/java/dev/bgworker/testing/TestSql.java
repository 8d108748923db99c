package dev.bgworker.testing;

import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.Transaction;
import java.util.ArrayList;
import java.util.List;

/** SQL of the test, in a transaction that is committed when its work returns. Usable in that work alone. */
public final class TestSql {

    /** The work; what it throws aborts the transaction and passes. */
    @FunctionalInterface
    public interface Work<T, X extends Exception> {
        T run(TestSql sql) throws X;
    }

    private final Transaction transaction;
    private final Spi spi;

    TestSql(Transaction transaction, Spi spi) {
        this.transaction = transaction;
        this.spi = spi;
    }

    /** Number of rows processed. */
    public long execute(String sql, Object... args) { return query(sql, args).processed(); }

    public SpiResult query(String sql, Object... args) {
        SpiResult result = spi.execute(sql, false, 0, args);
        if (result.code().number() < 0) {
            throw new IllegalArgumentException(result.code() + " for \"" + sql + "\"");
        }
        return result;
    }

    /** The first column of all rows. */
    public <T> List<T> column(Class<T> type, String sql, Object... args) {
        SpiResult rows = query(sql, args);
        List<T> found = new ArrayList<>();
        for (int row = 0; row < rows.numvals(); row++) {
            found.add(rows.get(row, 1, type));
        }
        return found;
    }

    /** The one value of the one row. */
    public <T> T single(Class<T> type, String sql, Object... args) {
        List<T> found = column(type, sql, args);
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " rows instead of one for \"" + sql + "\"");
        }
        return found.get(0);
    }

    /** NOTIFY, locks, snapshots. */
    public Transaction transaction() { return transaction; }
}
