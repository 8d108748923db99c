package dev.bgworker.ipc.locks;

import dev.bgworker.api.control.Server.LockRow;
import dev.bgworker.api.process.LockMode;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/**
 * {@code PROCLOCK}: what one process asked of one lock in one mode, and holds or waits for. Written inside the {@link LockTable}
 * alone; what has become of it may be read from any thread.
 */
final class Request implements BooleanSupplier {

    enum State {
        ASKED, WAITING, GRANTED,
        /** It would have had to wait, which it did not want to. */
        REFUSED,
        /** It would wait for one who waits for what its own process holds. */
        DEADLOCK,
        /** Its process was given up. */
        GONE
    }

    private final Locker locker;
    private final LockMode mode;
    private volatile State state = State.ASKED;
    /** Written by who waits, once he does; null for the moment before. */
    private volatile Instant waitStart;

    Request(Locker locker, LockMode mode) {
        this.locker = locker;
        this.mode = mode;
    }

    Locker locker() { return locker; }

    State state() { return state; }

    void become(State next) { state = next; }

    /** Whether who waits has nothing to wait for any more. */
    @Override
    public boolean getAsBoolean() { return state != State.WAITING; }

    void waitsSince(Instant start) { waitStart = start; }

    boolean of(Locker process) { return locker == process; }

    /** A process does not conflict with itself. */
    boolean conflicts(Request other) {
        return locker != other.locker && (mode == LockMode.EXCLUSIVE || other.mode == LockMode.EXCLUSIVE);
    }

    void wake() { locker.entry().wake(); }

    LockRow row(String name) {
        boolean granted = state == State.GRANTED;
        return new LockRow("advisory", name, mode, locker.pid(), granted, granted ? null : waitStart);
    }

    /** As PostgreSQL names it in the detail of a deadlock. */
    String inWords(String name) {
        return row(name).modeInWords() + " on advisory lock \"" + name + "\"";
    }
}
