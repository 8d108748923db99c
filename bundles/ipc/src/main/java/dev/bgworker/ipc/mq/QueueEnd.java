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

    /** False when somebody is or was there. */
    final boolean attach() { return ends.attach(side, mapping.member().entry()); }

    /** What each call begins with. */
    final void begin() {
        mapping.check();
        if (closed) {
            throw mapping.member().error(errcode("55000", "this process has detached as " + side + " from the " + name()));
        }
        checkThere();
    }

    private void checkThere() {
        if (ends.gone()) {
            throw mapping.member().error(errcode("55000", name() + " is gone")
                    .errdetail("Its memory was freed, or something else was made of it.")
                    .errhint("Detach both ends before that."));
        }
    }

    private String name() { return "message queue at offset " + queue.base() + " of " + mapping.name(); }

    /** What is in the ring, as far as the other side's counter is to be believed: anybody can write there. */
    final void checkPending(long pending) {
        if (pending < 0 || pending > queue.ringSize() || pending % QueueBytes.WORD != 0) {
            throw mapping.member().error(errcode("XX001", name() + " is damaged")
                    .errdetail("By its counters " + pending + " bytes are in a ring of " + queue.ringSize() + "."));
        }
    }

    final RuntimeException tooLong(long length) {
        return mapping.member().error(errcode("54000", "invalid message size " + length + " in shared memory queue")
                .errdetail("A message has at most " + QueueBytes.LONGEST + " bytes."));
    }

    /** Shows how far this end has come. */
    final void advance(long position) { ends.advance(side, position); }

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
        Result result = wait.until(position, nowait);
        checkThere();
        return result;
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
                ends.detach(side, reached());
            }
        }
    }

    /** Tells what was done and not yet told. */
    abstract void flush();

    /** How far this end has come, told or not. Owner thread. */
    abstract long reached();

    /** Nobody is there who could be harmed by half a message. From any thread. */
    final boolean over() {
        return ends.gone() || queue.detached();
    }

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
