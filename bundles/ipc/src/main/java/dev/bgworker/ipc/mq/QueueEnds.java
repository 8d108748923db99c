package dev.bgworker.ipc.mq;

import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.control.WorkerEvent.Kind;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.process.Held;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What the host keeps beside the words of one queue: whose latch to set, and which worker should come. Thread-safe; the monitor
 * guards who is expected and is held for a few instructions only.
 */
final class QueueEnds {

    private final QueueBytes queue;
    private final AtomicReferenceArray<ProcArray.Entry> procs = new AtomicReferenceArray<>(Side.values().length);
    private final Expected[] expected = new Expected[Side.values().length];

    /** A worker that should come to an end of the queue. */
    private static final class Expected {

        private final BackgroundWorkerHandle worker;
        /** Null until it was subscribed to; guarded as the rest. */
        private Held subscription;

        Expected(BackgroundWorkerHandle worker) { this.worker = worker; }
    }

    private QueueEnds(QueueBytes queue) { this.queue = queue; }

    static QueueEnds of(QueueBytes queue) {
        return queue.bytes().companion(queue.base(), QueueEnds.class, () -> new QueueEnds(queue));
    }

    /** Whether a process is at one of the ends now. */
    boolean inUse() {
        return procs.get(0) != null || procs.get(1) != null;
    }

    /** False when somebody is or was there. The other side may have waited for that. */
    boolean attach(Side side, ProcArray.Entry proc) {
        if (!queue.attach(side, proc.proc().pid())) {
            return false;
        }
        procs.set(side.ordinal(), proc);
        unsubscribe(side);
        tell(side.other());
        return true;
    }

    /** {@code shm_mq_detach}, by whoever ends that side, and once more by who gave its process up. From any thread. */
    void detach(Side side) {
        procs.set(side.ordinal(), null);
        detach();
        unsubscribe(side);
        unsubscribe(side.other());
    }

    private void detach() {
        queue.detach();
        tell(Side.SENDER);
        tell(Side.RECEIVER);
    }

    /** Something was done that this side may wait for: sets its latch if it does. From any thread. */
    void tell(Side side) {
        if (queue.takeWant(side)) {
            ProcArray.Entry proc = procs.get(side.ordinal());
            if (proc != null) {
                proc.proc().latch().set();
            }
        }
    }

    /** False when another one is expected there. Its event may come at once, on another thread. */
    boolean expect(Side side, BackgroundWorkerHandle worker) {
        Expected one = new Expected(worker);
        synchronized (this) {
            if (expected[side.ordinal()] != null) {
                return false;
            }
            expected[side.ordinal()] = one;
        }
        WorkerDetails now = worker.details();
        if (now.status() == Status.STOPPED) {
            neverComes(side);
        } else {
            subscribed(side, one, worker.subscribe(event -> hear(side, event, now.restarts())));
        }
        return true;
    }

    private void subscribed(Side side, Expected one, Held subscription) {
        synchronized (this) {
            one.subscription = subscription;
        }
        if (queue.pid(side) != 0 || queue.detached()) {
            unsubscribe(side);
        }
    }

    /** The end of a run, unless it is an older one's, told again to a new listener. */
    private void hear(Side side, WorkerEvent event, long run) {
        if (event.kind() != Kind.STARTED && event.kind() != Kind.READY && event.details().restarts() >= run) {
            neverComes(side);
        }
    }

    /** {@code shm_mq_counterparty_gone}. Who attaches does so before it can stop. */
    private void neverComes(Side side) {
        if (queue.pid(side) == 0) {
            detach();
        }
        unsubscribe(side);
    }

    private void unsubscribe(Side side) {
        Held subscription;
        synchronized (this) {
            Expected one = expected[side.ordinal()];
            subscription = one == null ? null : one.subscription;
            if (subscription != null) {
                one.subscription = null;
            }
        }
        if (subscription != null) {
            subscription.close();
        }
    }

    /** Who could end a wait for that side: who is there, else who should come. */
    Set<Long> pids(Side side) {
        long pid = queue.pid(side);
        if (pid == 0) {
            Expected one;
            synchronized (this) {
                one = expected[side.ordinal()];
            }
            pid = one == null ? 0 : one.worker.details().pid();
        }
        return pid == 0 ? Set.of() : Set.of(pid);
    }
}
