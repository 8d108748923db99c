package dev.bgworker.schedules.scenario;

import dev.bgworker.api.Backend;
import dev.bgworker.api.ipc.ShmMq;
import dev.bgworker.api.ipc.ShmMq.Result;
import dev.bgworker.schedules.Points;
import dev.bgworker.schedules.Scenario;
import java.nio.ByteBuffer;

/** R157 to R165: thread 0 sends to thread 1 through a ring of a few words, and detaches. */
abstract class Queueing implements Scenario {

    /** A header of 56 bytes, and a ring of four words. */
    private static final int AREA = 88;

    private final int threads;
    private final int preemptions;
    private final int[] lengths;

    /** @param lengths of the messages */
    Queueing(int threads, int preemptions, int... lengths) {
        this.threads = threads;
        this.preemptions = preemptions;
        this.lengths = lengths;
    }

    @Override
    public final int threads() { return threads; }

    @Override
    public final int preemptions() { return preemptions; }

    /** Sends and detaches. */
    void sends(ShmMq.Sender end, Backend me) {
        for (int i = 0; i < lengths.length; i++) {
            if (send(end, me, message(i)) != Result.SUCCESS) {
                throw new AssertionError("the receiver is there, and message " + i + " was not sent");
            }
        }
        end.close();
    }

    Result send(ShmMq.Sender end, Backend me, ByteBuffer message) { return end.send(false, false, message); }

    Result receive(ShmMq.Receiver end, Backend me) { return end.receive(false); }

    /** All that was sent, in order and whole. */
    void receives(ShmMq.Receiver end, Backend me) {
        int received = 0;
        while (receive(end, me) == Result.SUCCESS) {
            check(received++, end.message());
        }
        if (received != lengths.length) {
            throw new AssertionError(received + " messages of " + lengths.length + " came");
        }
    }

    void others(int thread, Procs procs) {}

    /** All are done. */
    void after() {}

    /** Whether that one is there at the end, and as it was. */
    boolean stays(int thread) { return true; }

    final ByteBuffer message(int number) { return Points.alone(() -> made(number)); }

    private ByteBuffer made(int number) {
        ByteBuffer made = ByteBuffer.allocate(lengths[number]);
        while (made.hasRemaining()) {
            made.put((byte) (number * 31 + made.position() + 1));
        }
        return made.flip();
    }

    final void check(int number, ByteBuffer came) {
        if (number >= lengths.length || came.remaining() != lengths[number]) {
            throw new AssertionError("message " + number + " has " + came.remaining() + " bytes");
        }
        for (int i = 0; i < lengths[number]; i++) {
            byte each = came.get(came.position() + i);
            if (each != (byte) (number * 31 + i + 1)) {
                throw new AssertionError("byte " + i + " of message " + number + " is " + each);
            }
        }
    }

    @Override
    public final Play begin() { return new Ends(); }

    private final class Ends implements Play {

        private final Procs procs = new Procs(threads, library -> {});
        private ShmMq.Sender sender;
        private ShmMq.Receiver receiver;

        @Override
        public void enter(int thread) {
            ShmMq queue = procs.open(thread).shmem().initStruct("queue", AREA).as(ShmMq.class);
            if (thread == 0) {
                queue.create();
                sender = queue.attachSender();
            } else if (thread == 1) {
                receiver = queue.attachReceiver();
            }
        }

        @Override
        public void run(int thread) {
            switch (thread) {
                case 0 -> sends(sender, procs.backend(0));
                case 1 -> {
                    receives(receiver, procs.backend(1));
                    receiver.close();
                }
                default -> others(thread, procs);
            }
        }

        @Override
        public void leave(int thread) {
            if (stays(thread)) {
                procs.backend(thread).close();
            }
        }

        @Override
        public void check() { after(); }
    }
}
