package dev.bgworker.toolkit;

import dev.bgworker.api.Proc;
import dev.bgworker.api.process.Activity.State;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.Transaction;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.annotation.versioning.ProviderType;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * Transactions as lambdas: joins an open one and ends only what it began ({@code StartTransactionIfNotStarted});
 * reports activity; any throwable aborts and passes unwrapped, rollback failures suppressed in it. Immutable; the session's
 * own thread only.
 */
public final class Transactions {

    /** The work; the same types of exception leave as enter. */
    @ConsumerType
    @FunctionalInterface
    public interface Work<T, X extends Exception> {
        T run(Sql sql) throws X;
    }

    /** The short form of SPI: read_only as the transaction was asked for, count 0. Usable inside its work alone. */
    @ProviderType
    public interface Sql {

        /** Number of rows processed; for statements that return none or whose rows do not matter. */
        long execute(String sql, Object... args);

        /** The rows; not valid after the work. */
        SpiResult query(String sql, Object... args);

        /** The one value of the one row, null for NULL; 21000 unless exactly one row, 42601 unless exactly one column. */
        <T> T single(Class<T> type, String sql, Object... args);

        /** The transaction: locks, subtransactions, callbacks. */
        Transaction transaction();

        /** The explicit form underneath. */
        Spi spi();
    }

    private static final String SERIALIZATION_FAILURE = "40001";

    private final Proc proc;
    private final Session session;
    private final boolean snapshot;
    private final boolean readOnly;
    private final int retries;

    private Transactions(Proc proc, Session session, boolean snapshot, boolean readOnly, int retries) {
        this.proc = proc;
        this.session = session;
        this.snapshot = snapshot;
        this.readOnly = readOnly;
        this.retries = retries;
    }

    /** On the session of that process, whose activity it reports; without snapshot, read-write, no retry. */
    public static Transactions of(Proc proc, Session session) {
        return new Transactions(proc, session, false, false, 0);
    }

    /** {@code LXACT_WANT_SNAPSHOT}: pushes the transaction's snapshot, unless it joins one that has an active snapshot. */
    public Transactions withSnapshot() {
        return new Transactions(proc, session, true, readOnly, retries);
    }

    /** With a snapshot, and each statement read_only=true. */
    public Transactions readOnly() {
        return new Transactions(proc, session, true, true, retries);
    }

    /** Runs the work again on 40001, so many times, with jitter; only when it began the transaction. */
    public Transactions retry(int times) {
        if (times < 0) {
            throw new ErrorException(errcode("22023", "number of retries is negative: " + times));
        }
        return new Transactions(proc, session, snapshot, readOnly, times);
    }

    /** Runs and commits; return null when there is nothing to give. */
    public <T, X extends Exception> T inTransaction(Work<T, X> work) throws X {
        Optional<Transaction> open = session.transaction();
        if (open.isPresent()) {
            return within(open.get(), work);
        }
        for (int attempt = 1;; attempt++) {
            try {
                return begin(work);
            } catch (ErrorException e) {
                if (attempt > retries || !e.data().sqlState().equals(SERIALIZATION_FAILURE)) {
                    throw e;
                }
            }
            backOff(attempt);
        }
    }

    private <T, X extends Exception> T begin(Work<T, X> work) throws X {
        // Before the start, which takes its time stamp from here.
        proc.activity().statementStart();
        Transaction transaction = session.startTransaction();
        try {
            T result = within(transaction, work);
            transaction.commit();
            return result;
        } catch (Throwable failure) {
            abortIfOpen(failure);
            throw failure;
        } finally {
            proc.activity().report(State.IDLE, null);
        }
    }

    private <T, X extends Exception> T within(Transaction transaction, Work<T, X> work) throws X {
        Spi spi = transaction.connect();
        // Resources close last first, so this finishes before it pops. A push that fails leaves the level to the abort.
        try (Held pushed = snapshot && session.activeSnapshot().isEmpty() ? transaction.snapshot().push() : null; spi) {
            return work.run(new Statements(proc.activity(), transaction, spi, readOnly));
        }
    }

    /** On purpose and not by close, which would warn of a forgotten commit. Inner ones that were left open go first. */
    private void abortIfOpen(Throwable failure) {
        try {
            for (Optional<Transaction> open = session.transaction(); open.isPresent(); open = session.transaction()) {
                open.get().abort();
            }
        } catch (Throwable rollback) {
            // The host raises a sticky FATAL again as the same object, which cannot be suppressed in itself.
            if (rollback != failure) {
                failure.addSuppressed(rollback);
            }
        }
    }

    /** A wait on the latch without a reset: what is set in the meantime shortens it and is still set for the loop. */
    private void backOff(int attempt) {
        long upTo = 10L << Math.min(attempt, 6);
        proc.latch().await(Duration.ofMillis(ThreadLocalRandom.current().nextLong(upTo / 2, upTo)), "TransactionRetry");
        proc.interrupts().check();
    }
}
