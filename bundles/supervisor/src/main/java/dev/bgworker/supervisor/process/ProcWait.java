package dev.bgworker.supervisor.process;

import dev.bgworker.api.process.Held;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Waits of the host for something that tells its watchers: in a process on its latch, checking interrupts, as part of the
 * wait graph; in any other thread plainly, and by real time, since whoever sets a time is such a thread. Nothing is lost:
 * the watcher is registered before the first look.
 */
public final class ProcWait {

    private final ProcTable table;

    public ProcWait(ProcTable table) { this.table = table; }

    /** The pid of the calling thread's process, 0 when it is none. */
    public long mine() {
        return table.mine().map(BgProc::pid).orElse(0L);
    }

    /** The library of the calling thread's worker, or null. */
    public String myLibrary() {
        return table.mine().map(BgProc::library).orElse(null);
    }

    /**
     * True when it is done, false when the time is over.
     *
     * @param watch registers what is to be run at each change, and unregisters it when closed
     * @param on pids that could end the wait
     */
    public boolean until(BooleanSupplier done, Function<Runnable, Held> watch, Duration timeout, String waitEvent,
            Supplier<Set<Long>> on) throws InterruptedException {
        long deadline = timeout.compareTo(Duration.ofNanos(Long.MAX_VALUE)) >= 0 ? Long.MAX_VALUE : timeout.toNanos();
        var mine = table.mine();
        return mine.isPresent()
                ? inProcess(mine.get(), done, watch, deadline, waitEvent, on)
                : plainly(done, watch, deadline);
    }

    /** True when that process has ended by then. */
    public boolean untilEnd(long pid, Duration timeout) throws InterruptedException {
        return until(() -> table.find(pid).isEmpty(), change -> table.watchEnd(pid, change), timeout, "BackendTermination",
                () -> Set.of(pid));
    }

    private boolean inProcess(BgProc proc, BooleanSupplier done, Function<Runnable, Held> watch, long nanos,
            String waitEvent,
            Supplier<Set<Long>> on) {
        Machine machine = proc.shared().machine();
        long start = machine.nanoTime();
        boolean swallowed = false;
        try (Held watching = watch.apply(proc.latch()::set);
                Held waiting = proc.shared().waits().waiting(proc, "IPC", waitEvent, on)) {
            while (true) {
                proc.checkInterrupts();
                if (done.getAsBoolean()) {
                    return true;
                }
                long left = nanos - (machine.nanoTime() - start);
                if (left <= 0 || !proc.ownLatch().await(Duration.ofNanos(left), "IPC", waitEvent)) {
                    return done.getAsBoolean();
                }
                proc.latch().reset();
                swallowed = true;
            }
        } finally {
            if (swallowed) {
                proc.latch().set();
            }
        }
    }

    private static boolean plainly(BooleanSupplier done, Function<Runnable, Held> watch, long nanos)
            throws InterruptedException {
        long start = System.nanoTime();
        Semaphore changes = new Semaphore(0);
        try (Held watching = watch.apply(changes::release)) {
            while (!done.getAsBoolean()) {
                long left = nanos - (System.nanoTime() - start);
                if (left <= 0 || !changes.tryAcquire(left, TimeUnit.NANOSECONDS)) {
                    return done.getAsBoolean();
                }
            }
            return true;
        }
    }
}
