package dev.bgworker.benchmarks;

import dev.bgworker.api.Backend;
import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.process.Interrupts.Handler;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.toolkit.Transactions;
import dev.bgworker.toolkit.jobs.Job;
import dev.bgworker.toolkit.jobs.JobQueue;
import dev.bgworker.toolkit.jobs.JobRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** Ours. The benchmark's thread, which is a backend. */
final class ToolkitJobs implements JobSide {

    private static final ConnectTo POSTGRES = ConnectTo.database("postgres");
    private static final JobQueue QUEUE = JobQueue.of("bench.jobs");

    private final BenchHost host = BenchHost.inMemory();
    private final Backend backend = host.openBackend("bench");
    private final Transactions transactions = Transactions.of(backend, backend.connect(POSTGRES));
    private final List<BackgroundWorkerHandle> workers = new ArrayList<>();

    /** Written by the benchmark's thread, counted by the workers. */
    private volatile CountDownLatch jobs = new CountDownLatch(0);

    ToolkitJobs() {
        host.function("jobs", this::work);
        transactions.inTransaction(sql -> {
            QUEUE.create(sql);
            return null;
        });
    }

    @Override
    public void store(int jobs) {
        transactions.inTransaction(sql -> {
            for (int i = 0; i < jobs; i++) {
                QUEUE.schedule(sql, Job.of(""));
            }
            return null;
        });
    }

    @Override
    public void start() {
        for (int i = 0; i < 8; i++) {
            workers.add(host.register(BenchHost.definition("jobs " + i, "jobs")
                    .flags(Set.of(Flag.SHMEM_ACCESS, Flag.DATABASE_CONNECTION)).build()));
        }
    }

    private void work(WorkerContext worker) {
        worker.interrupts().handle(Signal.TERM, Handler.FLAG);
        worker.interrupts().unblock();
        Session session = worker.connect(POSTGRES);
        session.listen(QUEUE.channel());
        JobRunner runner = QUEUE.runner(Transactions.of(worker, session), (job, sql) -> jobs.countDown());
        while (!worker.interrupts().pending(Signal.TERM)) {
            worker.latch().reset();
            worker.latch().await(runner.runDue(), "benchmark");
        }
    }

    @Override
    public void schedule() { transactions.inTransaction(sql -> QUEUE.schedule(sql, Job.of(""))); }

    @Override
    public void count(CountDownLatch jobs) { this.jobs = jobs; }

    @Override
    public void stop() throws InterruptedException {
        workers.forEach(BackgroundWorkerHandle::terminate);
        for (BackgroundWorkerHandle worker : workers) {
            worker.awaitShutdown(BenchHost.LONG);
        }
        workers.clear();
    }

    @Override
    public void close() throws InterruptedException {
        backend.close();
        host.close();
    }
}
