package dev.bgworker.ipc.mq;

import java.nio.ByteBuffer;

/** {@code shm_mq_iovec}: several buffers as one message. Their positions stay as they are. Stateless. */
final class Parts {

    private Parts() {}

    static long length(ByteBuffer[] parts) {
        long length = 0;
        for (ByteBuffer part : parts) {
            length += part.remaining();
        }
        return length;
    }

    /** Into the ring from that index on, which has room for all of it. */
    static void put(ByteBuffer[] parts, QueueBytes queue, long index) {
        long at = index;
        for (ByteBuffer part : parts) {
            int length = part.remaining();
            queue.put(at, part, part.position(), length);
            at = queue.after(at, length);
        }
    }

    /** So many of their bytes, from the given one on. */
    static void put(ByteBuffer[] parts, long from, long count, QueueBytes queue, long index) {
        long at = index;
        long begin = 0;
        for (ByteBuffer part : parts) {
            long end = begin + part.remaining();
            long first = Math.max(begin, from);
            int length = (int) Math.max(0, Math.min(end, from + count) - first);
            if (length > 0) {
                queue.put(at, part, part.position() + (int) (first - begin), length);
                at = queue.after(at, length);
            }
            begin = end;
        }
    }

    /** That one of their bytes. */
    static byte get(ByteBuffer[] parts, long index) {
        long left = index;
        for (ByteBuffer part : parts) {
            if (left < part.remaining()) {
                return part.get(part.position() + (int) left);
            }
            left -= part.remaining();
        }
        throw new IndexOutOfBoundsException("byte " + index + " of a message of " + length(parts));
    }
}
