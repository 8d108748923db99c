package dev.bgworker.shell;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The other end of the protocol. */
final class Client implements AutoCloseable {

    record Reply(String out, String err, int status) {}

    final SocketChannel channel;
    final DataOutputStream request;
    final DataInputStream answer;

    Client(Path socket) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        request = new DataOutputStream(Channels.newOutputStream(channel));
        answer = new DataInputStream(Channels.newInputStream(channel));
    }

    static Reply ask(Path socket, String... words) throws IOException {
        try (Client client = new Client(socket)) {
            return client.send(words).reply();
        }
    }

    Client send(String... words) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(whole);
        data.writeInt(words.length);
        for (String word : words) {
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            data.writeInt(bytes.length);
            data.write(bytes);
        }
        request.write(whole.toByteArray());
        return this;
    }

    Reply reply() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        while (true) {
            char type = (char) answer.readByte();
            byte[] payload = answer.readNBytes(answer.readInt());
            switch (type) {
                case 'o' -> out.write(payload);
                case 'e' -> err.write(payload);
                case 'x' -> {
                    int status = java.nio.ByteBuffer.wrap(payload).getInt();
                    if (answer.read() >= 0) {
                        throw new IOException("something follows the exit status");
                    }
                    return new Reply(out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8), status);
                }
                default -> throw new IOException("frame of type " + type);
            }
        }
    }

    @Override
    public void close() throws IOException { channel.close(); }
}
