package dev.bgworker.supervisor;

import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.supervisor.core.Registration;
import java.util.function.Predicate;

/**
 * A handle in virtual time: the real cell, and the conditions of {@link WorkerHandle}'s waits, which are asked when the cell
 * wakes who watches and at no other time. Public because the simulator lies in another package.
 */
public final class VirtualHandle {

    /** What somebody waits for. */
    public enum Wait { STARTUP, READY, SHUTDOWN }

    /** Somebody who waits; done when woken with the condition held. */
    public final class Waiter {

        private final Predicate<WorkerDetails> condition;
        private final long pidBefore = cell.details().pid();
        private final Wait what;
        private boolean done;

        private Waiter(Wait what) {
            this.what = what;
            WorkerDetails stopBefore = cell.lastStop();
            condition = switch (what) {
                case STARTUP -> now -> now.status() != Status.NOT_YET_STARTED;
                case READY -> now -> now.ready() && now.status() == Status.STARTED || now.status() == Status.STOPPED;
                case SHUTDOWN -> now -> now.status() == Status.STOPPED || cell.lastStop() != stopBefore
                        || pidBefore != 0 && now.pid() != pidBefore;
            };
            cell.watch(this::woken); // as Waits does: it watches first, then looks
            woken();
        }

        private void woken() { done |= condition.test(cell.details()); }

        public boolean done() { return done; }

        /** Whether there is nothing to wait for any more, woken or not. */
        public boolean due(WorkerDetails real) {
            return condition.test(real);
        }

        public Wait what() { return what; }
    }

    private final WorkerCell cell;

    public VirtualHandle(Registration registration, WorkerDetails first) {
        cell = new WorkerCell(registration, first, Runnable::run);
    }

    public void publish(WorkerDetails now) { cell.publish(now); }

    public Waiter await(Wait what) { return new Waiter(what); }
}
