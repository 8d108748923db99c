package dev.bgworker.spi.functions;

import dev.bgworker.api.process.ErrorException;
import java.util.function.Function;

/**
 * The functions of schema {@code bgw}, which the engine calls by their names, as it finds them when a database is opened. On
 * the thread of the statement, inside the engine: waits heed the interrupts of the calling process.
 */
public final class SqlFunctions {

    private SqlFunctions() {}

    /** {@code pg_backend_pid}. */
    public static long pid() { return CurrentCaller.get().entry().proc().pid(); }

    /** {@code pg_cancel_backend}. */
    public static boolean cancel(long pid) {
        return acting(caller -> Signals.cancel(caller, pid));
    }

    /** {@code pg_terminate_backend} without waiting. */
    public static boolean terminate(long pid) {
        return terminate(pid, 0);
    }

    /** {@code pg_terminate_backend}, in milliseconds. */
    public static boolean terminate(long pid, long timeout) {
        return acting(caller -> Signals.terminate(caller, pid, timeout));
    }

    /** {@code TerminateBackgroundWorker} of the worker with that pid, or else of that name. */
    public static boolean terminateWorker(String pidOrName) {
        return acting(caller -> Workers.terminate(caller, pidOrName));
    }

    /** {@code RegisterDynamicBackgroundWorker}; the pid once it runs, null while it waits or when it is done. */
    public static Long launch(String library, String function, String... options) {
        return acting(caller -> Workers.launch(caller, library, function, options));
    }

    /** {@code pg_reload_conf}. */
    public static boolean reload() {
        return acting(caller -> {
            Privileges.of(caller).checkSuperuser("reload the configuration");
            caller.host().server().reload();
            return true;
        });
    }

    /** {@code pg_notify}. */
    public static void notify(String channel, String payload) {
        acting(caller -> {
            caller.asyncNotify(channel == null ? "" : channel, payload == null ? "" : payload);
            return true;
        });
    }

    /** {@code pg_sleep}. */
    public static void sleep(double seconds) { Sleep.in(CurrentCaller.get().entry(), seconds); }

    /** Whatever it did before it failed is not undone either. */
    private static <T> T acting(Function<FunctionCaller, T> function) {
        FunctionCaller caller = CurrentCaller.get();
        caller.acted();
        try {
            return function.apply(caller);
        } catch (ErrorException e) {
            throw caller.entry().errfinish(e);
        }
    }
}
