package dev.bgworker.spi.functions;

import dev.bgworker.api.control.Server.ActivityRow;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.spi.functions.Privileges.Deed;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static dev.bgworker.api.process.ErrorData.errcode;

/** {@code signalfuncs.c}: signals by pid. On the caller's thread. */
final class Signals {

    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private Signals() {}

    static boolean cancel(FunctionCaller caller, long pid) {
        return found(caller, pid, Deed.CANCEL) && (caller.host().workers().signal(pid, Signal.INT) || gone(pid));
    }

    static boolean terminate(FunctionCaller caller, long pid, long timeout) {
        if (timeout < 0) {
            throw new ErrorException(errcode("22003", "\"timeout\" must not be negative")
                    .errdetail("It is " + timeout + " ms."));
        }
        try {
            return found(caller, pid, Deed.TERMINATE)
                    && caller.host().workers().terminate(pid, Duration.ofMillis(timeout));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** A session that no thread owns waits as the thread that executes its statement does. */
    static ErrorException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new ErrorException(errcode("57014", "canceling statement due to user request"), e);
    }

    /** Whether there is such a process, after the check that this caller may do that to it. */
    private static boolean found(FunctionCaller caller, long pid, Deed deed) {
        Optional<ActivityRow> row = caller.host().server().activity().stream().filter(each -> each.pid() == pid).findFirst();
        if (row.isEmpty()) {
            return gone(pid);
        }
        Privileges.of(caller).checkMay(deed, row.get().role());
        return true;
    }

    private static boolean gone(long pid) {
        LOG.warn("PID {} is not a process of this host", pid);
        return false;
    }
}
