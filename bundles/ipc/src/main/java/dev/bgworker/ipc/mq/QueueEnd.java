package dev.bgworker.ipc.mq;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.control.Server.LockRow;
import dev.bgworker.api.ipc.ShmMq.Result;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.ipc.memory.Bytes;
import dev.bgworker.ipc.memory.Mapping;
import java.util.concurrent.atomic.AtomicBoolean;

/** What both ends of a queue are to the process that has attached. Owner thread, except {@link #fence}. */
abstract class QueueEnd {

    private final Side side;
    private final Mapping mapping;
    private final QueueBytes queue;
    private final QueueEnds ends;
    private final AttachedEnds attached;
    private final PeerWait wait;
    // Owner thread.
    private boolean closed;
    /** Written by who gives the process up. */
    private volatile boolean fenced;
    /** Set by who tells the other end that nothing more comes: once, since the queue may be another one after that. */
    private final AtomicBoolean left = new AtomicBoolean();

    QueueEnd(Side side, Mapping mapping, QueueBytes queue, AttachedEnds attached) {
        this.side = side;
        this.mapping = mapping;
        this.queue = queue;
        this.ends = QueueEnds.of(queue);
        this.attached = attached;
        this.wait = new PeerWait(side, mapping.member(), queue, ends, attached.waits());
    }

    final QueueBytes queue() { return queue; }

    final Mapping mapping() { return mapping; }

    /** What each call begins with. */
    final void begin() {
        mapping.check();
        if (closed) {
            throw mapping.member()
                    .error(errcode("55000", "this process has detached as " + side + " from the queue at offset "
                            + queue.base() + " of " + mapping.name()));
        }
    }

    final RuntimeException tooLong(long length) {
        return mapping.member().error(errcode("54000", "invalid message size " + length + " in shared memory queue")
                .errdetail("A message has at most " + QueueBytes.LONGEST + " bytes."));
    }

    /** Shows how far this end has come. */
    final void advance(long position) { queue.advance(side, position); }

    /** Wakes the other end if it waits. */
    final void tell() {
        if (queue.wants(side.other())) {
            ends.tell(side.other());
        }
    }

    /** Waits until the other end has come there; it may itself wait for what was not told yet. */
    final Result await(long position, boolean nowait) {
        if (!nowait && wait.spin(position)) {
            return Result.SUCCESS;
        }
        flush();
        return wait.until(position, nowait);
    }

    /**
     * {@code shm_mq_detach}: what is complete is told, then that nothing more comes. For who was given up that was done, and the
     * queue may be another one by now; after a crash it stays as it is until the reset, as it may be half written.
     */
    public final void close() {
        mapping.member().checkThread();
        if (!closed) {
            closed = true;
            attached.remove(this);
            if (!fenced && !mapping.member().entry().crashing() && left.compareAndSet(false, true)) {
                flush();
                ends.detach(side);
            }
        }
    }

    /** Tells what was done and not yet told. */
    abstract void flush();

    final boolean in(Bytes block) { return queue.bytes() == block; }

    final boolean fenced() { return fenced; }

    /** Its process is given up: true when it leaves half a message behind. From any thread. */
    final boolean fence() {
        fenced = true;
        return torn();
    }

    /** The other end is told that nothing more comes. From any thread. */
    final void leave() {
        if (left.compareAndSet(false, true)) {
            ends.detach(side);
        }
    }

    /** From any thread. */
    abstract boolean torn();

    /** An end is held; it is waited for what the other end does. From any thread. */
    final LockRow row() {
        return new LockRow("message queue", side + " at offset " + queue.base() + " of " + mapping.name(),
                LockMode.EXCLUSIVE,
                mapping.member().entry().proc().pid(), !queue.wants(side), null);
    }
}
