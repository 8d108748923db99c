package dev.bgworker.supervisor;

import dev.bgworker.supervisor.process.Machine;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A pool whose machine is told of each task before it is there, and after it is done or was dropped. */
final class CountedPool extends ThreadPoolExecutor {

    private final Machine machine;

    CountedPool(int core, int most, BlockingQueue<Runnable> queue, ThreadFactory threads, Machine machine) {
        super(core, most, 10, TimeUnit.SECONDS, queue, threads, (task, pool) -> machine.workDone());
        this.machine = machine;
    }

    @Override
    public void execute(Runnable task) {
        machine.workComes();
        super.execute(task);
    }

    @Override
    protected void afterExecute(Runnable task, Throwable failure) { machine.workDone(); }
}
