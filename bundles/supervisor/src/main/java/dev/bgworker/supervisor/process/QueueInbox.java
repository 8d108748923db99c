package dev.bgworker.supervisor.process;

import dev.bgworker.api.process.Inbox;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Messages for one process. {@link #put} from any thread; the rest on the owner's. */
final class QueueInbox<T> implements Inbox<T> {

    private final BgProc proc;
    private final Queue<T> messages = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    QueueInbox(BgProc proc) { this.proc = proc; }

    /** The message first, then the latch. */
    void put(T message) {
        if (!closed) {
            messages.add(message);
            proc.latch().set();
        }
    }

    @Override
    public Optional<T> poll() {
        proc.checkCall();
        return Optional.ofNullable(messages.poll());
    }

    @Override
    public void close() {
        closed = true;
        messages.clear();
    }
}
