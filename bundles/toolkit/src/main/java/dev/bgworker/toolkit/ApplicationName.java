package dev.bgworker.toolkit;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;

/** A worker's name cut to what {@code application_name} takes, between characters, as {@code pg_mbcliplen} does. */
final class ApplicationName {

    private static final int BYTES = 63;

    private ApplicationName() {}

    static String of(String workerName) {
        CharBuffer characters = CharBuffer.wrap(workerName);
        // The encoder stops in front of the first character that does not fit as a whole.
        StandardCharsets.UTF_8.newEncoder().encode(characters, ByteBuffer.allocate(BYTES), true);
        return workerName.substring(0, characters.position());
    }
}
