package dev.bgworker.itests.workers;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.ipc.Segment;
import dev.bgworker.api.ipc.ShmMq;
import dev.bgworker.api.process.Latch;
import dev.bgworker.itests.rendezvous.Rendezvous;
import java.util.Optional;

/** Receives from the queue in the segment that its argument is the handle of, and notes where there is none. */
public final class ReceivesTheRest implements WorkerMain {

    @Override
    public void main(WorkerContext worker) {
        worker.interrupts().unblock();
        Optional<Segment> segment = worker.shmem().attachSegment(worker.scope(), worker.entry().mainArg().asLong());
        if (segment.isPresent()) {
            ShmMq.Result received = segment.get().area().as(ShmMq.class).attachReceiver().receive(false);
            Rendezvous.note(worker.entry().name(), "received " + received);
            return;
        }
        Rendezvous.note(worker.entry().name(), "no segment in epoch " + worker.shmem().epoch());
        worker.ready();
        while (true) {
            worker.latch().reset();
            worker.interrupts().check();
            worker.latch().await(Latch.FOREVER, "ReceivesTheRest");
        }
    }
}
