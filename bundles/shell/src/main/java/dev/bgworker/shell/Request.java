package dev.bgworker.shell;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a client asks: int32 count, then for each word int32 length and UTF-8; the first word is the command. */
final class Request {

    private final ClientChannel client;
    private final Limits limits;
    private final long deadline;

    /** What the client may still send. */
    private int left;

    private Request(ClientChannel client, Limits limits) {
        this.client = client;
        this.limits = limits;
        this.deadline = System.nanoTime() + limits.request().toNanos();
        this.left = limits.bytes();
    }

    static List<String> read(ClientChannel client, Limits limits) throws IOException {
        try {
            return new Request(client, limits).words();
        } catch (SocketTimeoutException late) {
            throw new ProtocolViolation("request is incomplete",
                    "It has to be there within " + limits.request().toMillis() + " ms.");
        }
    }

    private List<String> words() throws IOException {
        int count = number();
        if (count < 1 || count > limits.words()) {
            throw new ProtocolViolation("invalid number of words in request: " + Integer.toUnsignedString(count),
                    "It must be between 1 and " + limits.words() + ".");
        }
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            words.add(word(i));
        }
        return words;
    }

    private String word(int index) throws IOException {
        ByteBuffer bytes = take(number());
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException malformed) {
            throw new ProtocolViolation("invalid byte sequence for encoding \"UTF8\"", "It is in word " + index + ".");
        }
    }

    private int number() throws IOException { return take(Integer.BYTES).getInt(); }

    /** Checks before it allocates: a length is only what a stranger claims. */
    private ByteBuffer take(int length) throws IOException {
        if (length < 0 || length > left) {
            throw new ProtocolViolation("request is too long",
                    "It may have " + limits.bytes() + " bytes; a length of " + Integer.toUnsignedString(length)
                            + " was announced with " + left + " left.");
        }
        left -= length;
        ByteBuffer buffer = ByteBuffer.allocate(length);
        client.readFully(buffer, deadline);
        return buffer.flip();
    }
}
