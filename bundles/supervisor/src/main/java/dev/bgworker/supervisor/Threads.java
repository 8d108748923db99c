package dev.bgworker.supervisor;

import dev.bgworker.supervisor.process.HostThreads;
import dev.bgworker.supervisor.process.Machine;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
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

    /** One at most, so that listeners hear in order. */
    private final ThreadPoolExecutor events;

    /** @param told of each task; empty for a machine that does not ask who rests */
    Threads(Optional<Machine> told) {
        slow = pool(0, Integer.MAX_VALUE, new SynchronousQueue<>(), "bgw loading", told);
        events = pool(1, 1, new LinkedBlockingQueue<>(), "bgw events", told);
        timers.setRemoveOnCancelPolicy(true);
        events.allowCoreThreadTimeOut(true);
    }

    private static ThreadPoolExecutor pool(int core, int most, BlockingQueue<Runnable> queue, String name,
            Optional<Machine> told) {
        return told.<ThreadPoolExecutor>map(machine -> new CountedPool(core, most, queue, named(name), machine))
                .orElseGet(() -> new ThreadPoolExecutor(core, most, 10, TimeUnit.SECONDS, queue, named(name), AFTER_STOP));
    }

    private static ThreadFactory named(String name) { return work -> HostThreads.make(name, work); }

    ScheduledExecutorService timers() { return timers; }

    ExecutorService slow() { return slow; }

    /** Where listeners of handles are called. */
    Executor events() { return events; }

    void stop() {
        timers.shutdownNow();
        slow.shutdown();
        events.shutdown();
    }
}
