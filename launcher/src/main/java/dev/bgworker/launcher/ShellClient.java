package dev.bgworker.launcher;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Gives one command to the shell of the running host of a home directory, as {@code psql -c} does to a server.
 *
 * <p>The server names its socket in {@code run/shell.path}. A request is the count of words, then each word's length and
 * UTF-8 bytes. The answer is frames of type, length and payload: {@code o} for standard output, {@code e} for standard
 * error, {@code x} with the exit status, which is the last. All numbers are big-endian int32.
 */
final class ShellClient {

    private final Path home;

    ShellClient(Path home) { this.home = home; }

    /** Returns the exit status of the command. */
    int run(List<String> words, PrintStream out, PrintStream err) {
        try (SocketChannel socket = connect()) {
            socket.write(request(words));
            return answer(new DataInputStream(new BufferedInputStream(Channels.newInputStream(socket))), out, err);
        } catch (EOFException e) {
            throw new RefusedException("the bgworkerd on " + home + " ended before it answered " + words.get(0), e);
        } catch (IOException e) {
            throw new RefusedException("lost the bgworkerd on " + home + " during " + words.get(0) + ": " + e.getMessage(),
                    e);
        }
    }

    private SocketChannel connect() {
        try {
            String path = Files.readString(home.resolve("run/shell.path")).strip();
            return SocketChannel.open(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            throw new RefusedException("no bgworkerd is running on " + home, e);
        }
    }

    private static ByteBuffer request(List<String> words) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream request = new DataOutputStream(bytes);
        request.writeInt(words.size());
        for (String word : words) {
            byte[] utf8 = word.getBytes(StandardCharsets.UTF_8);
            request.writeInt(utf8.length);
            request.write(utf8);
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    private static int answer(DataInputStream in, PrintStream out, PrintStream err) throws IOException {
        while (true) {
            int type = in.readUnsignedByte();
            int length = in.readInt();
            switch (type) {
                case 'o' -> copy(in, length, out);
                case 'e' -> copy(in, length, err);
                case 'x' -> {
                    return in.readInt();
                }
                default -> throw new IOException("frame of unknown type " + type);
            }
        }
    }

    private static void copy(DataInputStream in, int length, PrintStream to) throws IOException {
        byte[] payload = in.readNBytes(length);
        if (payload.length < length) {
            throw new EOFException("frame of " + length + " bytes cut at " + payload.length);
        }
        to.write(payload, 0, length);
        to.flush();
    }
}
