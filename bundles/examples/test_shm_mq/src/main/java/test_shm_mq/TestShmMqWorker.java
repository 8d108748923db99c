package test_shm_mq;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.ipc.Segment;
import dev.bgworker.api.ipc.ShmMq;
import dev.bgworker.api.ipc.ShmMq.Result;
import dev.bgworker.api.ipc.ShmToc;
import dev.bgworker.api.process.ErrorException;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import static dev.bgworker.api.process.ErrorData.errcode;

/** One stop of the ring: copies from its queue to the next until either is detached at the other end. */
@Component(name = "test_shm_mq_main", scope = ServiceScope.PROTOTYPE)
public final class TestShmMqWorker implements WorkerMain {

    @Override
    public void main(WorkerContext worker) {
        worker.interrupts().unblock();
        Segment segment = worker.shmem().attachSegment(worker.scope(), worker.entry().mainArg().asLong())
                .orElseThrow(() -> new ErrorException(errcode("55000", "unable to map dynamic shared memory segment")
                        .errdetail("Whoever launched this worker has detached it meanwhile.")));
        ShmToc toc = segment.area().as(ShmToc.class);
        if (!toc.attach(Ring.MAGIC)) {
            throw new ErrorException(errcode("55000", "bad magic number in dynamic shared memory segment"));
        }
        int stop = Integer.parseInt(worker.entry().extra().get(Ring.STOP));
        ShmMq.Receiver in = toc.lookup(stop).orElseThrow().as(ShmMq.class).attachReceiver();
        ShmMq.Sender out = toc.lookup(stop + 1).orElseThrow().as(ShmMq.class).attachSender();
        worker.ready();

        while (in.receive(false) == Result.SUCCESS && out.send(false, true, in.message()) == Result.SUCCESS) {
            worker.interrupts().check();
        }
    }
}
