package dev.bgworker.supervisor.process;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.ProcExit;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A process table without a supervisor. What is made here belongs to the calling thread. */
final class Processes implements AutoCloseable {

    static final Duration LONG = Duration.ofSeconds(20);

    final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1,
            new ThreadPoolExecutor.DiscardPolicy());
    final Providers providers = new Providers();
    final ScopeEvents events = new ScopeEvents();
    final ProcTable table = new ProcTable(Clock.systemUTC(), providers, events, timers, Duration.ofMillis(1));

    Processes() { timers.setRemoveOnCancelPolicy(true); }

    /** The calling thread as a backend: signals are not blocked. */
    BgProc backend() {
        return table.proc(table.open("test").pid()).orElseThrow();
    }

    /** The calling thread as a worker at the entry of its main: signals are blocked. */
    BgProc worker(Set<Flag> flags) {
        BackgroundWorker definition = definition("sweeper", flags);
        BgProc proc = new BgProc(table.nextPid(), new ProcName("janitor", "sweeper", "lib"), table.shared(),
                flags.contains(Flag.DATABASE_CONNECTION), true,
                made -> new WorkerProc(made, definition, Map::of, () -> timers.execute(() -> {})));
        table.add(proc);
        table.begin(proc);
        return proc;
    }

    BgProc worker() { return worker(Set.of(Flag.SHMEM_ACCESS, Flag.DATABASE_CONNECTION)); }

    static BackgroundWorker definition(String name, Set<Flag> flags) {
        return BackgroundWorker.builder(name, "lib", "main").type("janitor").flags(flags).build();
    }

    /** The status of the exit that it raises. */
    static int exit(ThrowingCallable work) {
        return catchThrowableOfType(ProcExit.class, work).status();
    }

    /** Throws when that is what is to be said. */
    static String known(String said) {
        if (said.equals("unknown")) {
            throw new IllegalStateException("cannot say");
        }
        return said;
    }

    /** Runs it in a thread of its own. */
    static <T> CompletableFuture<T> inThread(Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(work.call());
            } catch (Throwable e) { // the test's thread hears of it
                result.completeExceptionally(e);
            }
        }, "another");
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    static <T> T get(CompletableFuture<T> result) throws Exception { return result.get(LONG.toSeconds(), TimeUnit.SECONDS); }

    /** What another thread is told that does this. */
    static ErrorData errorElsewhere(ThrowingCallable work) throws Exception {
        return get(inThread(() -> error(work)));
    }

    /** What is raised by it. */
    static ErrorData error(ThrowingCallable work) {
        Throwable thrown = catchThrowableOfType(Throwable.class, work);
        if (thrown instanceof Ereport report) {
            return report.data();
        }
        throw new AssertionError("no error of ours but " + thrown, thrown);
    }

    @Override
    public void close() {
        table.mine().ifPresent(table::end);
        timers.shutdownNow();
        Thread.interrupted();
    }
}
