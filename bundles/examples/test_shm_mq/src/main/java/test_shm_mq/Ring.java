package test_shm_mq;

import dev.bgworker.api.Backend;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.BackgroundWorker.StartTime;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.Datum;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.ipc.Segment;
import dev.bgworker.api.ipc.ShmMq;
import dev.bgworker.api.ipc.ShmToc;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * Queues in one segment, and workers between them: queue i, with key i in the table of contents, leads to worker i, the last
 * one back here. The backend's thread only.
 *
 * <p>Who launches a ring owns its segment. To end it the segment is detached, which detaches both queues that lead here; each
 * worker finds its own queues detached in turn, and returns.
 */
final class Ring implements AutoCloseable {

    static final long MAGIC = 0x79fb2447;
    /** Key of the worker's number in {@code bgw_extra}. */
    static final String STOP = "stop";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Segment segment;
    private final List<ShmMq> queues = new ArrayList<>();
    private final ShmMq.Sender out;
    private final ShmMq.Receiver in;
    private final List<BackgroundWorkerHandle> workers = new ArrayList<>();
    // Written by launch alone.
    private boolean complete;

    /** The memory, without workers yet. */
    Ring(Backend me, int stops, long queueSize) {
        long[] sizes = new long[stops + 1];
        Arrays.fill(sizes, queueSize);
        segment = me.shmem().createSegment(me.scope(), ShmToc.estimate(sizes));
        ShmToc toc = segment.area().as(ShmToc.class);
        toc.create(MAGIC);
        for (int i = 0; i <= stops; i++) {
            ShmMq queue = toc.insert(i, queueSize).as(ShmMq.class);
            queue.create();
            queues.add(queue);
        }
        out = queues.get(0).attachSender();
        in = queues.get(stops).attachReceiver();
    }

    /** Registers the workers and waits until each is attached; a queue knows both of its workers, should one never come. */
    void launch(BackgroundWorkers service) throws InterruptedException {
        for (int i = 0; i < queues.size() - 1; i++) {
            BackgroundWorkerHandle worker = service.register(definition(i));
            workers.add(worker);
            queues.get(i).setReceiver(worker);
            queues.get(i + 1).setSender(worker);
        }
        for (BackgroundWorkerHandle worker : workers) {
            WorkerDetails found = worker.awaitReady(PATIENCE);
            if (!found.ready()) {
                throw new ErrorException(errcode("53000", "one or more background workers failed to start")
                        .errdetail(what(found)).errhint("The server log has more of it."));
            }
        }
        complete = true;
    }

    private BackgroundWorker definition(int stop) {
        return BackgroundWorker.builder("test_shm_mq " + stop, "test_shm_mq", "test_shm_mq_main").type("test_shm_mq")
                .flags(EnumSet.of(Flag.SHMEM_ACCESS)).startTime(StartTime.CONSISTENT_STATE).restart(RestartPolicy.NEVER)
                .mainArg(Datum.of(segment.handle())).extra(Map.of(STOP, Integer.toString(stop))).build();
    }

    ShmMq.Sender out() { return out; }

    ShmMq.Receiver in() { return in; }

    /** A queue was found detached: takes the ring down, so that it can be told who left it. */
    ErrorException broken() throws InterruptedException {
        close();
        ErrorData data = errcode("55000", "message queue is detached");
        for (BackgroundWorkerHandle worker : workers) {
            WorkerDetails left = worker.details();
            if (left.exitStatus() != 0) {
                return new ErrorException(data.errdetail(what(left)).errhint("Run it again; the ring is made anew."));
            }
        }
        return new ErrorException(data);
    }

    private static String what(WorkerDetails worker) {
        String name = "Background worker \"" + worker.definition().name() + "\" ";
        return worker.lastError().map(error -> name + "ended with: " + error.message())
                .orElse(name + "is " + worker.state() + (worker.reason().isEmpty() ? "" : ": " + worker.reason())) + ".";
    }

    /** Waits until the workers have gone; who has not, or has not been heard of yet, is terminated. */
    @Override
    public void close() throws InterruptedException {
        if (!complete) {
            workers.forEach(BackgroundWorkerHandle::terminate);
        }
        segment.close();
        for (BackgroundWorkerHandle worker : workers) {
            if (worker.awaitShutdown(PATIENCE).status() != Status.STOPPED) {
                worker.terminate();
            }
        }
    }
}
