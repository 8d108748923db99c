package dev.bgworker.supervisor;

import dev.bgworker.supervisor.process.Machine;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** As many threads as there is work; its machine is told of each task before it is there, and after it is done or dropped. */
final class CountedPool extends ThreadPoolExecutor {

    private final Machine machine;

    CountedPool(ThreadFactory threads, Machine machine) {
        super(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), threads,
                (task, pool) -> machine.workDone());
        this.machine = machine;
    }

    @Override
    public void execute(Runnable task) {
        machine.workComes();
        super.execute(task);
    }

    @Override
    protected void beforeExecute(Thread thread, Runnable task) { machine.taskBegins(); }

    @Override
    protected void afterExecute(Runnable task, Throwable failure) { machine.workDone(); }
}
