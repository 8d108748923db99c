package dev.bgworker.api.process;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Signals set flags and the latch; flags act at {@link #check} alone. No code of an author ever runs asynchronously,
 * and {@link Thread#interrupt} is no part of this. Owner thread only (XX000 naming both threads).
 *
 * <p>QUIT is not like the others ({@code quickdie}): from the moment it is raised every call on the host throws {@link
 * ProcExit} with status 2 and waits return, whatever is blocked or held, and the exit runs no callbacks.
 */
@ProviderType
public interface Interrupts {

    /** PostgreSQL's signals, sent by {@code BackgroundWorkers.signal}. */
    enum Signal { TERM, INT, HUP, USR1, USR2, QUIT }

    /** What a signal does. */
    enum Handler {
        /** {@link FatalError} 57P01 at the next check: exit 1, so the worker comes back ({@code die}). */
        DIE,
        /** ERROR 57014 at the next check ({@code StatementCancelHandler}). */
        CANCEL,
        /** Flag and latch only, to be read by the loop: {@code SignalHandlerForShutdownRequest}, {@code ...ForConfigReload}. */
        FLAG,
        /** {@code SIG_IGN}. */
        IGNORE
    }

    /** What to defer while held; counted. */
    enum Hold {
        /** {@code HOLD_INTERRUPTS}. */
        INTERRUPTS,
        /** {@code HOLD_CANCEL_INTERRUPTS}. */
        CANCEL,
        /**
         * {@code START_CRIT_SECTION}: any ERROR or FATAL that the host raises inside is PANIC at once, whoever catches it, and
         * so is whatever leaves main inside. Close it as the last statement of the section and not by try-with-resources,
         * which would end the section before what was thrown is seen; what you throw and catch inside is your own affair.
         */
        CRIT_SECTION
    }

    /** {@code BackgroundWorkerUnblockSignals}; what came meanwhile is delivered now. */
    void unblock();

    /** {@code BackgroundWorkerBlockSignals}; signals stay pending. Blocked is how main begins. */
    void block();

    /** {@code pqsignal}. QUIT cannot be changed (22023). */
    void handle(Signal signal, Handler handler);

    /** Whether the signal came and was neither taken nor acted upon. */
    boolean pending(Signal signal);

    /** As {@link #pending}, and clears it. */
    boolean take(Signal signal);

    /**
     * {@code CHECK_FOR_INTERRUPTS}: acts on die, then cancel, then timeouts and barriers. Die is sticky, see {@link
     * FatalError}.
     */
    void check();

    /** Defers until closed; an ERROR that the host raises meanwhile resets all holds to zero. */
    Held hold(Hold what);
}
