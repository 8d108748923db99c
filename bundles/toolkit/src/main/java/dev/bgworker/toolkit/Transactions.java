package dev.bgworker.toolkit;

import dev.bgworker.api.Proc;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.api.spi.Transaction.Mode;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.annotation.versioning.ProviderType;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * Transactions as lambdas: joins an open one and ends only what it began ({@code StartTransactionIfNotStarted}); any
 * throwable aborts and passes unwrapped, rollback failures suppressed in it. Immutable; the session's own thread only.
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

        /**
         * Runs the work in a subtransaction, which commits when it returns. Whatever it throws aborts the subtransaction alone
         * and passes unwrapped: caught, the transaction goes on ({@code EXCEPTION} of PL/pgSQL). Not so after 40001 and 40P01,
         * by which the engine has rolled back all of it.
         */
        <T, X extends Exception> T inSubTransaction(Work<T, X> work) throws X;

        /** The transaction that was begun or joined: notify, locks, JDBC, callbacks. */
        Transaction transaction();

        /** The explicit form underneath. */
        Spi spi();

        /** The process whose transaction it is: its time, its pid. */
        Proc proc();
    }

    private static final String WAIT_EVENT = "TransactionRetry";
    private static final Mode[] DEFAULT = {};
    private static final Mode[] READ_ONLY = {Mode.READ_ONLY};
    private static final Set<String> RETRIED = Set.of("40001", "40P01");

    private final Proc proc;
    private final Session session;
    // Null when any will do.
    private final Set<Mode> modes;
    private final boolean snapshot;
    private final boolean readOnly;
    private final int retries;

    private Transactions(Proc proc, Session session, Set<Mode> modes, boolean snapshot, boolean readOnly, int retries) {
        this.proc = proc;
        this.session = session;
        this.modes = modes;
        this.snapshot = snapshot;
        this.readOnly = readOnly;
        this.retries = retries;
    }

    /** On the session of that process; without snapshot, READ COMMITTED, READ WRITE, no retry. */
    public static Transactions of(Proc proc, Session session) {
        return new Transactions(proc, session, null, false, false, 0);
    }

    Session session() { return session; }

    /** {@code LXACT_WANT_SNAPSHOT}: pushes the transaction's snapshot, unless it joins one that has an active snapshot. */
    public Transactions withSnapshot() {
        return new Transactions(proc, session, modes, true, readOnly, retries);
    }

    /** With a snapshot, each statement read_only=true, and READ ONLY when it has to start one; it may join any. */
    public Transactions readOnly() {
        return new Transactions(proc, session, modes, true, true, retries);
    }

    /** Modes when it has to start one, READ COMMITTED unless it says otherwise; ERROR 25001 when it joins one of other modes. */
    public Transactions modes(Mode... wanted) {
        Set<Mode> all = EnumSet.noneOf(Mode.class);
        Collections.addAll(all, wanted);
        if (!all.contains(Mode.REPEATABLE_READ)) {
            all.add(Mode.READ_COMMITTED);
        } else if (all.contains(Mode.READ_COMMITTED)) {
            throw new ErrorException(errcode("22023", "conflicting transaction modes: READ_COMMITTED and REPEATABLE_READ"));
        }
        return new Transactions(proc, session, Collections.unmodifiableSet(all), snapshot, readOnly, retries);
    }

    /** Runs the work again on 40001 and 40P01, so many times, with jitter; only when it began the transaction. */
    public Transactions retry(int times) {
        if (times < 0) {
            throw new ErrorException(errcode("22023", "number of retries is negative: " + times));
        }
        return new Transactions(proc, session, modes, snapshot, readOnly, times);
    }

    /** The process on whose session they run. */
    public Proc proc() { return proc; }

    /** Runs and commits; return null when there is nothing to give. */
    public <T, X extends Exception> T inTransaction(Work<T, X> work) throws X {
        Optional<Transaction> open = session.transaction();
        if (open.isPresent()) {
            checkModes(open.get());
            return within(open.get(), work);
        }
        for (int attempt = 1;; attempt++) {
            try {
                return begin(work);
            } catch (ErrorException e) {
                if (attempt > retries || !RETRIED.contains(e.data().sqlState())) {
                    throw e;
                }
            }
            backOff(attempt);
        }
    }

    private void checkModes(Transaction open) {
        if (modes != null && !modes.equals(open.characteristics())) {
            throw new ErrorException(errcode("25001", "cannot join a transaction of other modes")
                    .errdetail("It runs as " + open.characteristics() + ", wanted is " + modes + ".")
                    .errhint("Begin the outermost transaction with these modes, or leave them out to join any."));
        }
    }

    private <T, X extends Exception> T begin(Work<T, X> work) throws X {
        // Before the start, which takes its time stamp from here.
        proc.activity().statementStart();
        Transaction transaction = session.startTransaction(startModes());
        try {
            T result = within(transaction, work);
            transaction.commit();
            return result;
        } catch (Throwable failure) {
            abortDownTo(null, failure);
            throw failure;
        }
    }

    private Mode[] startModes() {
        if (modes == null) {
            return readOnly ? READ_ONLY : DEFAULT;
        }
        Set<Mode> all = EnumSet.copyOf(modes);
        if (readOnly) {
            all.add(Mode.READ_ONLY);
        }
        return all.toArray(Mode[]::new);
    }

    private <T, X extends Exception> T within(Transaction transaction, Work<T, X> work) throws X {
        Spi spi = transaction.connect();
        // Resources close last first, so this finishes before it pops. A push that fails leaves the level to the abort.
        try (Held pushed = snapshot && session.activeSnapshot().isEmpty() ? transaction.snapshot().push() : null; spi) {
            return work.run(new Statements(this, transaction, spi, readOnly));
        }
    }

    <T, X extends Exception> T inSubTransaction(Work<T, X> work) throws X {
        Transaction outer = session.transaction().orElseThrow(() -> new ErrorException(
                errcode("25P01", "there is no transaction in progress")
                        .errhint("Call it inside the work of inTransaction.")));
        Transaction sub = outer.open("inSubTransaction");
        try {
            T result = within(sub, work);
            sub.commit();
            return result;
        } catch (Throwable failure) {
            abortDownTo(outer, failure);
            throw failure;
        }
    }

    /** On purpose and not by close, which would warn of a forgotten commit. Inner ones that were left open go first. */
    private void abortDownTo(Transaction outer, Throwable failure) {
        try {
            for (Optional<Transaction> open = session.transaction(); open.isPresent()
                    && open.get() != outer; open = session.transaction()) {
                open.get().abort();
            }
        } catch (Throwable rollback) {
            // The host raises a sticky FATAL again as the same object, which cannot be suppressed in itself.
            if (rollback != failure) {
                failure.addSuppressed(rollback);
            }
        }
    }

    /** Waits on the latch, so that a signal ends it; what had set it before is told to the loop afterwards. */
    private void backOff(int attempt) {
        long upTo = 10L << Math.min(attempt, 6);
        boolean set = proc.latch().await(Duration.ZERO, WAIT_EVENT);
        try {
            if (set) {
                proc.latch().reset();
            }
            // What was announced before the reset is seen here, what comes later ends the wait.
            proc.interrupts().check();
            proc.latch().await(Duration.ofMillis(ThreadLocalRandom.current().nextLong(upTo / 2, upTo)), WAIT_EVENT);
        } finally {
            if (set) {
                proc.latch().set();
            }
        }
        proc.interrupts().check();
    }
}
