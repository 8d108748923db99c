package dev.bgworker.itests.workers;

import static dev.bgworker.api.process.LockMode.EXCLUSIVE;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Latch;
import dev.bgworker.itests.rendezvous.Rendezvous;

/** Takes the lock of its argument's number, notes what it finds in the area of its library, and looks there at each wake-up. */
public final class LooksAtShmem implements WorkerMain {

    @Override
    public void main(WorkerContext worker) {
        worker.interrupts().unblock();
        String name = worker.entry().libraryName();
        Area area = worker.shmem().initStruct(name, 16);
        try (Held held = worker.shmem().lwlockTranche(name).get(worker.entry().mainArg().asInt()).acquire(EXCLUSIVE)) {
            Rendezvous.note(worker.entry().name(), "epoch " + worker.shmem().epoch() + ", found " + area.found()
                    + ", counter " + area.get(0) + ", hook " + area.get(8));
        }
        worker.ready();
        while (true) {
            worker.latch().reset();
            worker.interrupts().check();
            area.get(0);
            worker.latch().await(Latch.FOREVER, "LooksAtShmem");
        }
    }
}
