package dev.bgworker.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Closes a channel whose other side stays silent, since a blocking read of it has no limit of its own; the reader gets an
 * {@link java.nio.channels.AsynchronousCloseException}. A thread of its own waits.
 */
final class Patience implements AutoCloseable {

    private final CountDownLatch answered = new CountDownLatch(1);
    private final Channel channel;

    /** @param limit null for ever */
    Patience(Channel channel, Duration limit) {
        this.channel = channel;
        if (limit != null) {
            Thread thread = new Thread(() -> await(limit), "patience");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void await(Duration limit) {
        try {
            if (!answered.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException expected) { // nobody waits any more
            Thread.currentThread().interrupt();
        }
    }

    /** The other side has said something: it may take its time from now on. */
    void answered() { answered.countDown(); }

    @Override
    public void close() { answered.countDown(); }
}
