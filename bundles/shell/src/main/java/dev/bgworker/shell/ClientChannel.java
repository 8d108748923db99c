package dev.bgworker.shell;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * A socket whose reads and writes end in time, which a blocking one of this family cannot promise. Used by its connection
 * thread only; {@link #close} by any.
 */
final class ClientChannel implements Closeable {

    private static final int CHUNK = 8192;

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;

    ClientChannel(SocketChannel channel) throws IOException {
        this.channel = channel;
        this.selector = Selector.open();
        this.key = channel.register(selector, 0);
    }

    /** Fills the buffer by the deadline, a {@code System.nanoTime}. */
    void readFully(ByteBuffer buffer, long deadline) throws IOException {
        while (buffer.hasRemaining()) {
            int count = channel.read(buffer);
            if (count < 0) {
                throw new EOFException("the client left before its request was complete");
            }
            if (count == 0) {
                await(SelectionKey.OP_READ, deadline);
            }
        }
    }

    /** Writes all of the buffer; the client may take nothing for so long at most. */
    void writeFully(ByteBuffer buffer, Duration stuck) throws IOException {
        long deadline = System.nanoTime() + stuck.toNanos();
        while (buffer.hasRemaining()) {
            if (channel.write(buffer) > 0) {
                deadline = System.nanoTime() + stuck.toNanos();
            } else {
                await(SelectionKey.OP_WRITE, deadline);
            }
        }
    }

    /**
     * Waits until the client has read its answer and leaves, for so long at most. What it still sends is dropped: were it
     * left unread at the close, the client would be told of a reset.
     */
    void linger(Duration patience) throws IOException {
        channel.shutdownOutput();
        long deadline = System.nanoTime() + patience.toNanos();
        while (discard(CHUNK)) {
            await(SelectionKey.OP_READ, deadline);
        }
    }

    /** Drops what has arrived, up to so many bytes; false at the end of the stream. Does not wait. */
    boolean discard(int most) throws IOException {
        ByteBuffer dropped = ByteBuffer.allocate(CHUNK);
        int total = 0;
        int count;
        do {
            count = channel.read(dropped.clear());
            total += count;
        } while (count > 0 && total < most);
        return count >= 0;
    }

    private void await(int operation, long deadline) throws IOException {
        long nanos = deadline - System.nanoTime();
        if (nanos <= 0) {
            throw new SocketTimeoutException();
        }
        key.interestOps(operation);
        // rounded up: 0 would be for ever
        selector.select(nanos / 1_000_000 + 1);
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("the shell is being stopped");
        }
        selector.selectedKeys().clear();
    }

    @Override
    public void close() throws IOException {
        try (selector) {
            channel.close();
        }
    }
}
