package dev.bgworker.ipc.mq;

import dev.bgworker.api.Proc;
import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.ipc.ShmMq;
import dev.bgworker.ipc.IpcHost;
import dev.bgworker.ipc.Peer;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** A host with one queue, a sender and a receiver at it, each a backend on a thread of its own. */
final class QueueFixture implements AutoCloseable {

    /** Header and ring of an area of this size are told apart by tests that fill the ring. */
    static final int RING = 4096;
    static final int AREA = RING + 192;

    private final IpcHost host;
    private final long size;
    private final Peer sender;
    private final Peer receiver;
    // Written by the threads of the peers, each its own.
    private volatile ShmMq.Sender out;
    private volatile ShmMq.Receiver in;

    QueueFixture() { this(AREA); }

    QueueFixture(long size) {
        this.size = size;
        host = IpcHost.start(loading -> loading.requestShmem("queue", size));
        sender = host.peer("sender");
        receiver = host.peer("receiver");
        sender.run(me -> {
            queue(me).create();
            return null;
        });
    }

    /** With both ends attached. */
    QueueFixture attached() {
        attachSender();
        attachReceiver();
        return this;
    }

    QueueFixture attachSender() {
        out = sender.run(me -> queue(me).attachSender());
        return this;
    }

    QueueFixture attachReceiver() {
        in = receiver.run(me -> queue(me).attachReceiver());
        return this;
    }

    Area area(Proc me) { return me.shmem().initStruct("queue", size); }

    ShmMq queue(Proc me) { return area(me).as(ShmMq.class); }

    IpcHost host() { return host; }

    Peer sender() { return sender; }

    Peer receiver() { return receiver; }

    ShmMq.Sender out() { return out; }

    ShmMq.Receiver in() { return in; }

    ShmMq.Result send(boolean nowait, boolean forceFlush, ByteBuffer... parts) {
        return sender.run(me -> out.send(nowait, forceFlush, parts));
    }

    /** Waiting and told at once. */
    CompletableFuture<ShmMq.Result> sending(ByteBuffer... parts) {
        return sender.start(me -> out.send(false, true, parts));
    }

    ShmMq.Result receive(boolean nowait) { return receiver.run(me -> in.receive(nowait)); }

    CompletableFuture<ShmMq.Result> receiving() { return receiver.start(me -> in.receive(false)); }

    /** A copy of the message received last. */
    byte[] message() { return receiver.run(me -> bytes(in.message())); }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(buffer.position(), copy);
        return copy;
    }

    /** That many bytes, each another one than its neighbours. */
    static ByteBuffer bytes(int length, int seed) {
        byte[] all = new byte[length];
        for (int i = 0; i < length; i++) {
            all[i] = (byte) (seed + i * 31 + (i >> 8));
        }
        return ByteBuffer.wrap(all);
    }

    void closeSender() {
        sender.run(me -> {
            out.close();
            return null;
        });
    }

    void closeReceiver() {
        receiver.run(me -> {
            in.close();
            return null;
        });
    }

    @Override
    public void close() { host.close(); }
}
