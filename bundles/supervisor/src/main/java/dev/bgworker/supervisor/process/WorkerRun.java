package dev.bgworker.supervisor.process;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.PanicError;
import dev.bgworker.api.process.ProcExit;
import dev.bgworker.supervisor.core.Exit;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One run of a worker from the first instruction of its thread to the last: {@code StartBackgroundWorker}. Whatever happens
 * in between, the supervisor hears of the exit exactly once, and last.
 */
public final class WorkerRun implements Runnable {

    /** What the supervisor hears, on the worker's thread. */
    public interface Listener {

        void entered(long pid);

        void ready(long pid);

        /** All callbacks are done; nothing of the run follows. */
        void exited(long pid, Exit exit);
    }

    private static final Logger LOG = LoggerFactory.getLogger(WorkerRun.class);

    private final BackgroundWorker definition;
    private final FunctionLookup functions;
    private final Listener listener;
    private final ProcTable table;
    private final BgProc proc;
    private final WorkerProc context;
    /** The worker's thread alone. */
    private FunctionLookup.Function function;

    /** Enters the process into the table; the thread is started by the caller. */
    public WorkerRun(long pid, BackgroundWorker definition, ProcTable table, FunctionLookup functions,
            Supplier<Map<String, String>> settings, Listener listener) {
        this.definition = definition;
        this.functions = functions;
        this.listener = listener;
        this.table = table;
        boolean connects = definition.flags().contains(BackgroundWorker.Flag.DATABASE_CONNECTION);
        ProcName name = new ProcName(definition.type(), definition.name(), definition.libraryName());
        this.proc = new BgProc(pid, name, table.shared(), connects, true,
                made -> new WorkerProc(made, definition, settings, () -> listener.ready(pid)));
        this.context = (WorkerProc) proc.own();
        table.add(proc);
    }

    /** Its thread could not be started. */
    public void neverRan() { table.end(proc); }

    @Override
    public void run() {
        Exit exit = new Exit(2, Optional.of(errcode("XX000", "the thread ended without the exit sequence")));
        try {
            table.begin(proc);
            logAs();
            exit = guarded(this::main);
            int status = exit.status();
            Exit callbacks = guarded(() -> ExitSequence.run(proc, status));
            exit = callbacks.status() > exit.status() ? callbacks : exit; // the worse of the two (R121)
        } finally {
            try {
                guarded(this::giveBack);
                table.end(proc);
            } finally {
                listener.exited(proc.pid(), exit);
                MDC.clear();
            }
        }
    }

    private void main() throws Exception {
        function = functions.find(definition);
        Thread.currentThread().setContextClassLoader(function.loader());
        listener.entered(proc.pid());
        function.main().main(context);
        proc.throwEnd();
    }

    /** After the callbacks of the exit, which may still use it. */
    private void giveBack() {
        Thread.currentThread().setContextClassLoader(null);
        if (function != null) {
            function.close();
        }
    }

    private interface Part {
        void run() throws Exception;
    }

    /** The outermost catcher (R90): reports and turns what was thrown into a status. */
    private Exit guarded(Part part) {
        Throwable thrown = asRaised(part);
        Exit exit = Exit.of(thrown);
        exit.error().ifPresent(error -> report(error, thrown));
        return exit;
    }

    private Throwable asRaised(Part part) {
        try {
            part.run();
            return null;
        } catch (Throwable e) { // whatever a worker throws ends this worker and nobody else
            return !(e instanceof ProcExit) && proc.interrupts().inCriticalSection() ? new PanicError(Exit.data(e), e) : e;
        }
    }

    /** What the host raised tells itself; what an author did not foresee is told with its stack. */
    private static void report(ErrorData error, Throwable thrown) {
        if (error.sqlState().equals("57P01")) {
            LOG.info(error.message());
        } else if (thrown instanceof Ereport && thrown.getCause() == null) {
            LOG.error(error.inWords());
            LOG.debug("raised here", thrown);
        } else {
            LOG.error(error.sqlState() + ": " + error.message(), thrown);
        }
    }

    private void logAs() {
        MDC.put("pid", Long.toString(proc.pid()));
        MDC.put("name", definition.name());
        MDC.put("type", definition.type());
        MDC.put("library", definition.libraryName());
    }
}
