package dev.bgworker.supervisor.process;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.FatalError;
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
    private static final Exit WITHOUT_EXIT_SEQUENCE = new Exit(2,
            Optional.of(errcode("XX000", "the thread ended without the exit sequence")));

    private final BackgroundWorker definition;
    private final Optional<ErrorData> before;
    private final FunctionLookup functions;
    private final Listener listener;
    private final ProcTable table;
    private final BgProc proc;
    private final WorkerProc context;
    /** The worker's thread alone. */
    private FunctionLookup.Function function;
    /** Set before the thread starts; null when it is somebody else's thread that runs this. */
    private ThreadGroup group;

    /**
     * Enters the process into the table; the thread is started by the caller.
     *
     * @param before what ended the run before, if that was a failure: the same once more is not told in full again
     */
    public WorkerRun(long pid, BackgroundWorker definition, Optional<ErrorData> before, ProcTable table,
            FunctionLookup functions,
            Supplier<Map<String, String>> settings, Listener listener) {
        this.definition = definition;
        this.before = before;
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
    public void neverRan() {
        table.end(proc);
        proc.shared().machine().ended(proc);
    }

    /** Runs it in a thread of its own; raises OutOfMemoryError when the system has none left. */
    public void start(String threadName) {
        group = table.groups().take(); // not given back if that fails: nobody knows why, and the next would fail the same way
        Thread thread = HostThreads.make(group, threadName, this);
        proc.shared().machine().starts(proc);
        thread.start();
    }

    @Override
    public void run() {
        Exit exit = WITHOUT_EXIT_SEQUENCE;
        try {
            table.begin(proc);
            LogKeys.put(proc);
            exit = whole();
        } finally {
            try {
                told(raisedBy(this::giveBack));
                table.end(proc);
            } finally {
                if (group != null) {
                    table.groups().giveBack(group);
                }
                listener.exited(proc.pid(), exit.whileRunning(proc.row().lastQuery()));
                proc.shared().machine().ended(proc);
                MDC.clear();
            }
        }
    }

    private Exit whole() {
        Throwable left = leftMain();
        boolean callbacks = !proc.ending().quitting() && !ExitSequence.crash(left);
        Exit exit = isTheSameAgain(left) ? Exit.of(left) : told(left);
        SupervisorFacts supervisor = proc.shared().supervisor();
        supervisor.injectionPoint("bgworker-before-exit-callbacks");
        int status = exit.status();
        Exit sequence = told(raisedBy(() -> ExitSequence.run(proc, status, callbacks)));
        supervisor.injectionPoint("bgworker-after-exit-callbacks");
        return sequence.status() > exit.status() ? sequence : exit; // the worse of the two (R121)
    }

    private void main() throws Exception {
        proc.shared().supervisor().injectionPoint("bgworker-before-lookup");
        function = functions.find(definition);
        Thread.currentThread().setContextClassLoader(function.loader());
        listener.entered(proc.pid());
        proc.shared().supervisor().injectionPoint("bgworker-before-main");
        proc.checkCall();
        function.main().main(context);
    }

    /** After the callbacks of the exit, which may still use it. */
    private void giveBack() {
        Thread.currentThread().setContextClassLoader(null);
        if (function != null) {
            if (group != null) {
                LeftBehind.report(proc, group, function.loader());
            }
            function.close();
        }
    }

    private interface Part {
        void run() throws Exception;
    }

    /** What ended main, null for a return. An author cannot make less of it than it is. */
    private Throwable leftMain() {
        Throwable raised = proc.ending().of(raisedBy(this::main));
        boolean promoted = raised != null && !(raised instanceof ProcExit) && proc.interrupts().holds().critical();
        return promoted && !ExitSequence.crash(raised) ? new PanicError(Exit.data(raised), raised) : raised;
    }

    /** The outermost catcher (R90). */
    private static Throwable raisedBy(Part part) {
        try {
            part.run();
            return null;
        } catch (Throwable e) { // whatever a worker throws ends this worker and nobody else
            return e;
        }
    }

    /** The supervisor counts those. */
    private boolean isTheSameAgain(Throwable left) {
        Optional<ErrorData> error = Exit.of(left).error();
        boolean same = error.filter(now -> !now.sqlState().equals("57P01")).map(ErrorData::message)
                .equals(before.map(ErrorData::message)) && before.isPresent();
        if (same) {
            LOG.debug("raised again", left);
        }
        return same;
    }

    /** Reports what was raised and turns it into a status. */
    private static Exit told(Throwable raised) {
        Exit exit = Exit.of(raised);
        exit.error().ifPresent(error -> report(error, raised));
        return exit;
    }

    /** What the host raised tells itself; what an author did not foresee is told with its stack. */
    private static void report(ErrorData error, Throwable thrown) {
        if (error.sqlState().equals("57P01")) {
            LOG.info(error.message());
        } else if (thrown instanceof Ereport && thrown.getCause() == null) {
            LOG.error(severity(thrown) + error.inWords());
            LOG.debug("raised here", thrown);
        } else {
            LOG.error(severity(thrown) + error.inWords(), thrown);
        }
    }

    /** Of ERROR none, since the line says so. */
    private static String severity(Throwable thrown) {
        return thrown instanceof PanicError ? "PANIC: " : thrown instanceof FatalError ? "FATAL: " : "";
    }
}
