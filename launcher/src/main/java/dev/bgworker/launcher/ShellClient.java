package dev.bgworker.launcher;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Gives one command to the shell of the running host of a home directory, as {@code psql -c} does to a server.
 *
 * <p>The server names its socket in {@code run/shell.path}. A request is the count of words, then each word's length and
 * UTF-8 bytes. The answer is frames of type, length and payload: {@code o} for standard output, {@code e} for standard
 * error, {@code x} with the exit status, which is the last. All numbers are big-endian int32.
 */
final class ShellClient {

    /** Much longer than a host that is well needs for its first word. */
    static final Duration SILENCE = Duration.ofSeconds(30);

    private final Path home;
    private final Duration limit;

    /** @param limit how long the host may be silent before its first frame; null for ever */
    ShellClient(Path home, Duration limit) {
        this.home = home;
        this.limit = limit;
    }

    /** Returns the exit status of the command. */
    int run(List<String> words, PrintStream out, PrintStream err) {
        UnixDomainSocketAddress address = address();
        try (SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
                Patience patience = new Patience(socket, limit)) {
            connect(socket, address);
            socket.write(request(words));
            return answer(new DataInputStream(new BufferedInputStream(Channels.newInputStream(socket))), patience, out, err);
        } catch (AsynchronousCloseException e) {
            throw new RefusedException(
                    "the bgworkerd on " + home + " has been silent for " + limit.toSeconds() + " s; --wait before "
                            + words.get(0) + " waits for ever",
                    e);
        } catch (EOFException e) {
            throw new RefusedException("the bgworkerd on " + home + " ended before it answered " + words.get(0), e);
        } catch (IOException e) {
            throw new RefusedException("lost the bgworkerd on " + home + " during " + words.get(0) + ": " + e.getMessage(),
                    e);
        }
    }

    private UnixDomainSocketAddress address() {
        try {
            return UnixDomainSocketAddress.of(Files.readString(home.resolve("run/shell.path")).strip());
        } catch (IOException e) {
            throw new RefusedException("no bgworkerd is running on " + home, e);
        }
    }

    private void connect(SocketChannel socket, UnixDomainSocketAddress address) throws AsynchronousCloseException {
        try {
            socket.connect(address);
        } catch (AsynchronousCloseException e) {
            throw e;
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

    private static int answer(DataInputStream in, Patience patience, PrintStream out, PrintStream err)
            throws IOException {
        while (true) {
            int type = in.readUnsignedByte();
            patience.answered();
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
