package dev.bgworker.supervisor.core;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.PanicError;
import dev.bgworker.api.process.ProcExit;
import java.util.Optional;

/**
 * How a run ended: {@code proc_exit}'s status and what was raised. A value.
 *
 * @param status 0 done, 1 failed, 2 a crash unless the worker itself chose another number
 * @param error what was raised; empty for a return and for {@code proc_exit}
 * @param running the text that its activity showed last; empty for none
 */
public record Exit(int status, Optional<ErrorData> error, String running) {

    /** Status of a crash that the worker did not choose itself. */
    private static final int CRASHED = 2;

    public Exit(int status, Optional<ErrorData> error) { this(status, error, ""); }

    public Exit whileRunning(String query) { return new Exit(status, error, query); }

    /** Whether it may have left shared state half changed: neither done nor failed in an orderly way (R47). */
    public boolean crash() {
        return status != 0 && status != 1;
    }

    /** What went wrong, in a word; empty when nothing did. */
    String inWords() {
        return error.map(ErrorData::message).orElse(status == 0 ? "" : "exited with status " + status);
    }

    /** Main returned. */
    public static final Exit DONE = new Exit(0, Optional.empty());

    /** What leaves main, as a status. Null is a return. */
    public static Exit of(Throwable thrown) {
        if (thrown == null) {
            return DONE;
        }
        if (thrown instanceof ProcExit exit) {
            return new Exit(exit.status(), Optional.empty());
        }
        boolean crash = thrown instanceof PanicError || thrown instanceof VirtualMachineError;
        return new Exit(crash ? CRASHED : 1, Optional.of(data(thrown)));
    }

    /** The error as data: a foreign throwable is XX000, its class and place are the context. */
    public static ErrorData data(Throwable thrown) {
        if (thrown instanceof Ereport report) {
            return report.data();
        }
        String message = thrown.getMessage() == null
                ? thrown.getClass().getName()
                : thrown.getClass().getName() + ": " + thrown.getMessage();
        StackTraceElement[] stack = thrown.getStackTrace();
        ErrorData data = errcode("XX000", message);
        data = stack.length == 0 ? data : data.errcontext("at " + stack[0]);
        for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
            data = data.errcontext("caused by " + cause);
        }
        return data;
    }
}
