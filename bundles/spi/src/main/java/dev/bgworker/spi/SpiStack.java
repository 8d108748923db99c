package dev.bgworker.spi;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connected levels of SPI of one session, innermost last. Owner thread only. */
final class SpiStack {

    private static final Logger LOG = LoggerFactory.getLogger(SpiStack.class);

    private final Caller caller;
    private final List<SpiLevel> levels = new ArrayList<>();
    // Owner thread only; null unless a NONATOMIC level is ending the transaction: then it, and those around it, outlive that.
    private SpiLevel internal;

    SpiStack(Caller caller) { this.caller = caller; }

    SpiLevel connected(SpiLevel level) {
        levels.add(level);
        return level;
    }

    /** Null when none is connected. */
    SpiLevel innermost() {
        return levels.isEmpty() ? null : levels.get(levels.size() - 1);
    }

    void finished(SpiLevel level) { levels.remove(level); }

    /** {@code internal_xact}; null once the next transaction is to begin. */
    void goesOn(SpiLevel level) {
        internal = level;
    }

    boolean goesOn() { return internal != null; }

    /** {@code AtEOXact_SPI}, and of a subtransaction. */
    void ended(TransactionLevel transaction, boolean commit) {
        for (int i = levels.size() - 1; i >= 0 && levels.get(i) != internal; i--) {
            if (levels.get(i).connected() == transaction) {
                levels.remove(i).end();
                if (commit) {
                    LOG.warn("{}: transaction left non-empty SPI stack", caller);
                }
            }
        }
    }
}
