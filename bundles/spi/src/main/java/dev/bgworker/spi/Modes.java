package dev.bgworker.spi;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.spi.Transaction.Mode;
import java.util.EnumSet;
import java.util.Set;

/** The {@code transaction_mode}s of one transaction. A value. */
record Modes(boolean repeatableRead, boolean readOnly) {

    static final Modes DEFAULT = new Modes(false, false);

    Set<Mode> characteristics() {
        Mode level = repeatableRead ? Mode.REPEATABLE_READ : Mode.READ_COMMITTED;
        return readOnly ? EnumSet.of(level, Mode.READ_ONLY) : EnumSet.of(level);
    }

    /** 22023 for two levels of isolation. */
    static Modes of(Mode... modes) {
        if (modes.length == 0) {
            return DEFAULT;
        }
        boolean committed = false;
        boolean repeatable = false;
        boolean readOnly = false;
        for (Mode mode : modes) {
            committed |= mode == Mode.READ_COMMITTED;
            repeatable |= mode == Mode.REPEATABLE_READ;
            readOnly |= mode == Mode.READ_ONLY;
        }
        if (committed && repeatable) {
            throw new ErrorException(errcode("22023", "conflicting transaction modes")
                    .errdetail("A transaction is READ COMMITTED or REPEATABLE READ."));
        }
        return new Modes(repeatable, readOnly);
    }
}
