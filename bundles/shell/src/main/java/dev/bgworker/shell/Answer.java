package dev.bgworker.shell;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * What a client gets: frames of one byte type ({@code o} output, {@code e} error output, {@code x} exit status, the last),
 * int32 length, payload. Used by the thread that serves the client only.
 */
final class Answer {

    private static final int HEADER = 1 + Integer.BYTES;

    private final ClientChannel client;
    private final Duration stuck;

    Answer(ClientChannel client, Duration stuck) {
        this.client = client;
        this.stuck = stuck;
    }

    OutputStream output() { return new PlainOutput(new Frames('o')); }

    OutputStream errorOutput() { return new PlainOutput(new Frames('e')); }

    void error(String text) throws IOException {
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        frame('e', bytes, 0, bytes.length);
    }

    void exit(int status) throws IOException {
        frame('x', ByteBuffer.allocate(Integer.BYTES).putInt(status).array(), 0, Integer.BYTES);
    }

    private void frame(char type, byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(HEADER + length);
        frame.put((byte) type).putInt(length).put(bytes, offset, length).flip();
        try {
            client.writeFully(frame, stuck);
        } catch (IOException broken) {
            // half a frame may be out: nothing that follows could be read
            client.close();
            throw broken;
        }
    }

    /** Each write becomes a frame; the print stream above collects what belongs together. */
    private final class Frames extends OutputStream {

        private final char type;

        Frames(char type) { this.type = type; }

        @Override
        public void write(int b) throws IOException { write(new byte[]{(byte) b}, 0, 1); }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length > 0) {
                frame(type, bytes, offset, length);
            }
        }
    }
}
