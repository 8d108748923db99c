package test_shm_mq;

import dev.bgworker.api.Backend;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.BackgroundWorker.StartTime;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.BackgroundWorkers.NoWorkerSlotException;
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
 * <p>Who launches a ring owns its segment. To {@link #finish} it the segment is detached, which detaches both queues that lead
 * here; each worker finds its own queues detached in turn, and returns. {@link #close} comes also when an ERROR or FATAL passes
 * through, so it waits for nobody: it detaches, and terminates whoever is left.
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

    /** The memory, without workers yet. */
    Ring(Backend me, int stops, long queueSize) {
        long[] sizes = new long[stops + 1];
        Arrays.fill(sizes, queueSize);
        segment = segment(me, ShmToc.estimate(sizes), queueSize);
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

    private static Segment segment(Backend me, long size, long queueSize) {
        try {
            return me.shmem().createSegment(me.scope(), size);
        } catch (ErrorException refused) {
            ErrorData data = refused.data();
            if (!data.sqlState().equals("22023") && !data.sqlState().equals("53200")) {
                throw refused;
            }
            throw new ErrorException(
                    errcode(data.sqlState(), "a ring of " + size + " bytes cannot be had: " + data.message())
                            .errdetail("It needs a queue of " + queueSize
                                    + " bytes for each worker and one more, in one segment. "
                                    + data.detail())
                            .errhint("Choose a smaller --workers or --queue_size."),
                    refused);
        }
    }

    /** Registers the workers and waits until each is attached; a queue knows both of its workers, should one never come. */
    void launch(BackgroundWorkers service) throws InterruptedException {
        for (int i = 0; i < queues.size() - 1; i++) {
            BackgroundWorkerHandle worker = register(service, i);
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
    }

    private BackgroundWorkerHandle register(BackgroundWorkers service, int stop) {
        try {
            return service.register(definition(stop));
        } catch (NoWorkerSlotException full) {
            throw noSlots(queues.size() - 1, full.limit(), Math.max(0, full.inUse() - stop), full.setting());
        }
    }

    /** The host's own error counts the workers of this ring among those that hold a slot. */
    private static ErrorException noSlots(int stops, int slots, int others, String setting) {
        return new ErrorException(errcode("53000", "not enough background worker slots for a ring of " + stops + " workers")
                .errdetail("There are " + slots + " slots, of which others have " + others + ".")
                .errhint("Choose a smaller --workers, or increase \"" + setting + "\"."));
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
        finish();
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

    /** Has the workers return, and waits until they have. */
    void finish() throws InterruptedException {
        segment.close();
        for (BackgroundWorkerHandle worker : workers) {
            worker.awaitShutdown(PATIENCE);
        }
    }

    /** Of a worker that has returned nothing is left to terminate; one that was paused would keep its slot. */
    @Override
    public void close() {
        segment.close();
        workers.forEach(BackgroundWorkerHandle::terminate);
    }
}
