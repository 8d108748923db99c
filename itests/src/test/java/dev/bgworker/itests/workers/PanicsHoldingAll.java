package dev.bgworker.itests.workers;

import static dev.bgworker.api.process.ErrorData.errcode;
import static dev.bgworker.api.process.LockMode.EXCLUSIVE;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.ipc.Segment;
import dev.bgworker.api.ipc.ShmMq;
import dev.bgworker.api.ipc.ShmMq.Result;
import dev.bgworker.api.process.PanicError;
import dev.bgworker.itests.rendezvous.Rendezvous;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Holds the first lock of its library, has pinned a segment, and is in the middle of a message that is larger than the queue in
 * it; then it waits for the test and PANICs.
 */
public final class PanicsHoldingAll implements WorkerMain {

    @Override
    public void main(WorkerContext worker) throws InterruptedException {
        worker.interrupts().unblock();
        String name = worker.entry().libraryName();
        worker.shmem().lwlockTranche(name).get(0).acquire(EXCLUSIVE);
        worker.shmem().initStruct(name, 16).set(0, 666);
        Segment segment = worker.shmem().createSegment(worker.scope(), 1024);
        segment.pin();
        ShmMq queue = segment.area().as(ShmMq.class);
        queue.create();
        Result sent = queue.attachSender().send(true, true, ByteBuffer.allocate(100_000));
        Rendezvous.note(worker.entry().name(), segment.handle() + " " + sent);
        worker.ready();
        if (!Rendezvous.pass("panic", Duration.ofSeconds(20))) {
            throw worker.exit(1);
        }
        throw new PanicError(errcode("XX001", "the test finds its shared memory corrupted"));
    }
}
