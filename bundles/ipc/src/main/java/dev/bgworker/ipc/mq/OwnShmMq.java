package dev.bgworker.ipc.mq;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.ipc.ShmMq;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.ipc.memory.MappedArea;
import dev.bgworker.ipc.memory.Mapping;

/** A queue as one process sees it. Owner thread only. */
public final class OwnShmMq implements ShmMq {

    private final Mapping mapping;
    private final QueueBytes queue;
    private final AttachedEnds attached;

    public OwnShmMq(MappedArea area, AttachedEnds attached) {
        this.mapping = area.room("message queue", MINIMUM_SIZE).mapping();
        this.queue = new QueueBytes(mapping.bytes(), area.base(), area.size());
        this.attached = attached;
    }

    @Override
    public void create() {
        mapping.check();
        if (QueueEnds.of(queue).inUse()) {
            throw error("is in use", "Create it before anybody attaches.");
        }
        queue.bytes().forget(queue.base());
        queue.create();
    }

    @Override
    public void setSender(BackgroundWorkerHandle worker) { expect(Side.SENDER, worker); }

    @Override
    public void setReceiver(BackgroundWorkerHandle worker) { expect(Side.RECEIVER, worker); }

    private void expect(Side side, BackgroundWorkerHandle worker) {
        checkCreated();
        if (!QueueEnds.of(queue).expect(side, worker)) {
            throw error("expects a " + side + " already", "A queue has one sender and one receiver.");
        }
    }

    @Override
    public Sender attachSender() {
        checkCreated();
        return attach(new OwnSender(mapping, queue, attached), Side.SENDER);
    }

    @Override
    public Receiver attachReceiver() {
        checkCreated();
        return attach(new OwnReceiver(mapping, queue, attached), Side.RECEIVER);
    }

    private <T extends QueueEnd> T attach(T end, Side side) {
        if (!end.attach()) {
            throw error("has a " + side + " already, PID " + queue.pid(side), "A queue has one sender and one receiver.");
        }
        if (!attached.add(end)) {
            end.fence();
            end.leave();
            mapping.check();
        }
        return end;
    }

    private void checkCreated() {
        mapping.check();
        if (!queue.created()) {
            throw error("is not created", "Whoever finds its area new calls create; all see the same area as the queue.");
        }
    }

    private ErrorException error(String what, String hint) {
        return mapping.member().error(errcode("55000", "message queue at offset " + queue.base() + " of " + mapping.name()
                + " " + what).errhint(hint));
    }
}
