package dev.bgworker.supervisor;

import dev.bgworker.supervisor.process.HostThreads;
import dev.bgworker.supervisor.process.Machine;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The pools of the supervisor. */
final class Threads {

    /** What comes after the stop is about bundles and processes that go as well: nothing is to be done about them. */
    private static final RejectedExecutionHandler AFTER_STOP = new ThreadPoolExecutor.DiscardPolicy();

    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1, named("bgw timers"), AFTER_STOP);
    /** For what may take its time: loading libraries, opening databases, drops. As many threads as there is work. */
    private final ExecutorService slow;
    private final ExecutorService events;

    /** @param told of each task; empty for a machine that does not ask who rests */
    Threads(Optional<Machine> told) {
        slow = asMany("bgw loading", told);
        events = asMany("bgw events", told);
        timers.setRemoveOnCancelPolicy(true);
    }

    private static ExecutorService asMany(String name, Optional<Machine> told) {
        return told.<ExecutorService>map(machine -> new CountedPool(named(name), machine))
                .orElseGet(() -> new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(),
                        named(name), AFTER_STOP));
    }

    private static ThreadFactory named(String name) { return work -> HostThreads.make(name, work); }

    ScheduledExecutorService timers() { return timers; }

    ExecutorService slow() { return slow; }

    /** Where listeners of handles are called; as many threads as there are listeners that hear something now. */
    Executor events() {
        return events;
    }

    void stop() {
        timers.shutdownNow();
        slow.shutdown();
        events.shutdown();
    }
}
