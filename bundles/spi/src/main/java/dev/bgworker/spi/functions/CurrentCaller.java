package dev.bgworker.spi.functions;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * By which session a statement is executed, for the functions in it: those run on the thread that executes the statement,
 * know nothing else of it, and can be told nothing by SQL that it could not forge.
 */
public final class CurrentCaller {

    private static final ThreadLocal<FunctionCaller> CURRENT = new ThreadLocal<>();

    private CurrentCaller() {}

    /** This thread becomes a process with that session, for life. */
    public static void begin(FunctionCaller caller) {
        CURRENT.set(caller);
    }

    /** The end of that process; nothing when it is not this thread's. */
    public static void end(ProcArray.Entry process) {
        FunctionCaller caller = CURRENT.get();
        if (caller != null && caller.entry() == process) {
            CURRENT.remove();
        }
    }

    /** Until closed, on this thread; what was before comes back. Null is none. */
    public static Held enter(FunctionCaller caller) {
        FunctionCaller before = CURRENT.get();
        set(caller);
        return () -> set(before);
    }

    private static void set(FunctionCaller caller) {
        if (caller == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(caller);
        }
    }

    static FunctionCaller get() {
        FunctionCaller caller = CURRENT.get();
        if (caller == null) {
            throw new ErrorException(errcode("55000", "thread \"" + Thread.currentThread().getName()
                    + "\" executes no statement of a session").errhint("Call the function by SQL."));
        }
        return caller;
    }
}
