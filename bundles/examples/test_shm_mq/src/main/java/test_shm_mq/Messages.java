package test_shm_mq;

import dev.bgworker.api.process.ErrorException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

import static dev.bgworker.api.process.ErrorData.errcode;

/** The messages, by number: windows on random bytes, so that each differs from the next and none is copied. One thread. */
final class Messages {

    private static final int WINDOWS = 256;

    private final int size;
    private final boolean verify;
    private final ByteBuffer sent;
    private final ByteBuffer expected;

    Messages(int size, boolean verify) {
        byte[] bytes = new byte[Math.addExact(size, WINDOWS)];
        new SplittableRandom(size).nextBytes(bytes);
        this.size = size;
        this.verify = verify;
        this.sent = ByteBuffer.wrap(bytes);
        this.expected = ByteBuffer.wrap(bytes);
    }

    ByteBuffer get(long number) { return window(sent, number); }

    /** XX001 when what came is not message {@code number}. */
    void verify(long number, ByteBuffer received) {
        if (verify && !window(expected, number).equals(received)) {
            throw new ErrorException(errcode("XX001", "message corrupted").errdetail(difference(number, received)));
        }
    }

    private String difference(long number, ByteBuffer received) {
        return received.remaining() != size
                ? "Message " + number + " was sent with " + size + " bytes and came back with " + received.remaining() + "."
                : "Message " + number + " of " + size + " bytes came back with another byte at offset "
                        + window(expected, number).mismatch(received) + ".";
    }

    private ByteBuffer window(ByteBuffer of, long number) {
        int start = (int) (number % WINDOWS);
        return of.limit(start + size).position(start);
    }
}
