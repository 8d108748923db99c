package dev.bgworker.ipc.mq;

import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.control.WorkerEvent.Kind;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.process.Held;
import dev.bgworker.ipc.memory.Companion;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What the host keeps beside the words of one queue: whose latch to set, and which worker should come. Thread-safe; the monitor
 * guards who is expected and whether the queue is gone, and is held for a few instructions only.
 *
 * <p>Ends and subscriptions outlive the queue when its memory is freed or made another queue. So what is done there not at its
 * user's wish (detaching, waking, a worker's end) is done inside the monitor, and not at all once it is gone.
 */
final class QueueEnds implements Companion {

    private final QueueBytes queue;
    private final AtomicReferenceArray<ProcArray.Entry> procs = new AtomicReferenceArray<>(Side.values().length);
    private final Expected[] expected = new Expected[Side.values().length];
    /** Written inside the monitor, once. */
    private volatile boolean gone;

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

    /** Its bytes are another's by now. From any thread. */
    boolean gone() { return gone; }

    /** The queue is freed or created anew: nothing of this one writes there after that. Who waits is told. */
    @Override
    public void close() {
        synchronized (this) {
            gone = true;
        }
        for (Side side : Side.values()) {
            unsubscribe(side);
            wake(side);
        }
    }

    /** False when somebody is or was there. The other side may have waited for that. */
    boolean attach(Side side, ProcArray.Entry proc) {
        synchronized (this) {
            if (gone || !queue.attach(side, proc.proc().pid())) {
                return false;
            }
            procs.set(side.ordinal(), proc);
        }
        unsubscribe(side);
        tell(side.other());
        return true;
    }

    /** How far that side has come. Its owner, who is not to free the queue meanwhile. */
    void advance(Side side, long to) {
        if (!gone) {
            queue.advance(side, to);
        }
    }

    /** {@code shm_mq_detach}, by its owner: all that it has done is told before that. */
    void detach(Side side, long reached) {
        synchronized (this) {
            advance(side, reached);
        }
        detach(side);
    }

    /** {@code shm_mq_detach}, by who gave the process on that side up. From any thread. */
    void detach(Side side) {
        procs.set(side.ordinal(), null);
        detach();
        unsubscribe(side);
        unsubscribe(side.other());
    }

    private void detach() {
        synchronized (this) {
            if (gone) {
                return;
            }
            queue.detach();
        }
        tell(Side.SENDER);
        tell(Side.RECEIVER);
    }

    /** Something was done that this side may wait for: sets its latch if it does. From any thread. */
    void tell(Side side) {
        boolean wanted;
        synchronized (this) {
            wanted = !gone && queue.takeWant(side);
        }
        if (wanted) {
            wake(side);
        }
    }

    private void wake(Side side) {
        ProcArray.Entry proc = procs.get(side.ordinal());
        if (proc != null) {
            proc.proc().latch().set();
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
        if (gone || queue.pid(side) != 0 || queue.detached()) {
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
