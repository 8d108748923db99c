package dev.bgworker.supervisor.core.sim;

import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.supervisor.VirtualHandle;
import dev.bgworker.supervisor.core.Registration;
import java.util.ArrayList;
import java.util.List;

/** One registration from outside: what was published of it, and who waits on its handles. */
final class Sight {

    final Registration registration;
    final long id;
    final VirtualHandle handle;
    /** Still to be woken. */
    final List<VirtualHandle.Waiter> waiters = new ArrayList<>();
    WorkerDetails shown;
    /** In this step. */
    boolean runEnded;
    /** The slot and generation that it got; -1 before. */
    int slot = -1;
    long generation;

    Sight(Registration registration, WorkerDetails first) {
        this.registration = registration;
        this.id = registration.id();
        this.handle = new VirtualHandle(registration, first);
        this.shown = first;
    }

    boolean gone() { return shown.state() == WorkerDetails.State.STOPPED; }

    void await(VirtualHandle.Wait what) {
        VirtualHandle.Waiter waiter = handle.await(what);
        if (!waiter.done()) {
            waiters.add(waiter);
        }
    }
}
