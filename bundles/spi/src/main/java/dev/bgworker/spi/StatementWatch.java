package dev.bgworker.spi;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.ProcArray.Timeout;
import dev.bgworker.api.process.Activity.State;
import dev.bgworker.spi.timeout.Deadlines;
import dev.bgworker.spi.timeout.Limits;
import dev.bgworker.spi.timeout.SessionSettings;

/**
 * What surrounds each statement and each transaction: the activity row, and the timeouts. While those are off it costs a
 * field test each. Owner thread only.
 */
final class StatementWatch {

    private final ProcArray.Entry entry;
    private final SessionSettings settings;
    private final Deadlines deadlines;
    // Both, owner thread only: whether a statement is under way, and whether this transaction was shown, and so its end is.
    private boolean active;
    private boolean shown;

    StatementWatch(ProcArray.Entry entry, SessionSettings settings, Deadlines deadlines) {
        this.entry = entry;
        this.settings = settings;
        this.deadlines = deadlines;
    }

    /** Before the first check for interrupts of a statement, be it of SPI, of a portal or of JDBC. */
    void begins(String sql) {
        active = true;
        shown = true;
        entry.shows(State.ACTIVE, sql);
        deadlines.disarm(Timeout.IDLE_IN_TRANSACTION_SESSION);
        long limit = settings.limits().statement();
        if (limit > 0) {
            deadlines.arm(Timeout.STATEMENT, limit);
        }
    }

    /** After its last check for interrupts, whatever became of it. */
    void ends(boolean aborted) {
        active = false;
        deadlines.disarm(Timeout.STATEMENT);
        entry.shows(aborted ? State.IDLE_IN_TRANSACTION_ABORTED : State.IDLE_IN_TRANSACTION, null);
        long limit = settings.limits().idle();
        if (limit > 0) {
            deadlines.arm(Timeout.IDLE_IN_TRANSACTION_SESSION, limit);
        }
    }

    /** An ERROR, or the end of a subtransaction that healed one; inside a statement the end of that shows it. */
    void stateIs(boolean aborted) {
        if (active) {
            return;
        }
        shown = true;
        entry.shows(aborted ? State.IDLE_IN_TRANSACTION_ABORTED : State.IDLE_IN_TRANSACTION, null);
    }

    void transactionBegins() {
        Limits limits = settings.limits();
        if (limits.transaction() > 0) {
            deadlines.arm(Timeout.TRANSACTION, limits.transaction());
        }
        if (limits.idle() > 0) {
            deadlines.arm(Timeout.IDLE_IN_TRANSACTION_SESSION, limits.idle());
        }
    }

    /** Before the check for interrupts that a commit begins with, and at an abort. */
    void transactionIsEnding() {
        deadlines.disarm(Timeout.IDLE_IN_TRANSACTION_SESSION);
        deadlines.disarm(Timeout.TRANSACTION);
    }

    void transactionEnded() {
        if (shown) {
            shown = false;
            entry.shows(State.IDLE, null);
        }
    }
}
