package dev.bgworker.ipc.mq;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.ipc.memory.Member;
import java.nio.ByteBuffer;

/** {@code mqh_buffer}: a message that does not lie in one piece, put together; kept, and grown when need be. Owner thread. */
final class Collected {

    private static final int LEAST = 1024;

    private final Member member;
    private final QueueBytes queue;
    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private ByteBuffer readable = buffer.asReadOnlyBuffer();
    private int length;
    // Bytes up to its end that the ring pads it with.
    private long missing;

    Collected(Member member, QueueBytes queue) {
        this.member = member;
        this.queue = queue;
    }

    void begin(long size) {
        length = (int) size;
        missing = QueueBytes.frame(size) - QueueBytes.WORD;
        if (buffer.capacity() < length) {
            grow();
        }
        buffer.clear();
    }

    private void grow() {
        try {
            buffer = ByteBuffer.allocate(Math.max(LEAST, Integer.highestOneBit(length - 1) << 1));
        } catch (OutOfMemoryError e) {
            throw member.errfinish(new ErrorException(errcode("53200", "out of memory")
                    .errdetail("Failed on request of " + length + " bytes for a message.").errhint("Raise -Xmx."), e));
        }
        readable = buffer.asReadOnlyBuffer();
    }

    boolean complete() { return missing == 0; }

    /** Takes what is there and belongs to it; how much that was. */
    long take(long index, long there) {
        long count = Math.min(there, missing);
        int bytes = (int) Math.min(count, length - buffer.position());
        buffer.limit(buffer.position() + bytes);
        queue.take(index, buffer);
        missing -= count;
        return count;
    }

    ByteBuffer message() {
        readable.limit(length).position(0);
        return readable;
    }
}
