package dev.bgworker.spi.functions;

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

    /** Until closed, on this thread; what was before comes back. A process sets it for life, others for each call. */
    public static Held enter(FunctionCaller caller) {
        FunctionCaller before = CURRENT.get();
        CURRENT.set(caller);
        return () -> {
            if (before == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(before);
            }
        };
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
