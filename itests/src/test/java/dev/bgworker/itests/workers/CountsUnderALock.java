package dev.bgworker.itests.workers;

import static dev.bgworker.api.process.LockMode.EXCLUSIVE;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.ipc.LWLock;
import dev.bgworker.api.process.Held;

/** Counts in the area of its library as often as its argument says, reading and writing under the first lock; then it is done. */
public final class CountsUnderALock implements WorkerMain {

    @Override
    public void main(WorkerContext worker) {
        worker.interrupts().unblock();
        String name = worker.entry().libraryName();
        Area area = worker.shmem().initStruct(name, 16);
        LWLock lock = worker.shmem().lwlockTranche(name).get(0);
        worker.ready();
        for (int i = 0; i < worker.entry().mainArg().asInt(); i++) {
            try (Held held = lock.acquire(EXCLUSIVE)) {
                area.set(0, area.get(0) + 1);
            }
            worker.interrupts().check();
        }
    }
}
