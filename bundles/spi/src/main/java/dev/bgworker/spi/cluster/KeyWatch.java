package dev.bgworker.spi.cluster;

import dev.bgworker.api.process.Held;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Of one session that waits for a key which another has written and not committed. The engine does not say which. So suspect
 * are all that had written when it was refused, as long as none of them ends: by then somebody else may have the key. Where
 * there is always one that ends, suspect are, after a long time, those that were there all the time: one who has the key but for
 * a moment is not worth waiting for, and of a deadlock it is true for ever. Thread-safe.
 */
public final class KeyWatch implements Held {

    private final Supplier<Optional<Set<Long>>> writers;
    private final LongSupplier nanos;
    private final long longTime;
    private final Consumer<KeyWatch> closed;
    private final long since;
    // All under this; null before they were seen for the first time.
    private Set<Long> lasting;
    private Set<Long> seen = Set.of();
    private final Set<Long> endedMeanwhile = new HashSet<>();
    private boolean trying;
    private boolean certain;
    private boolean changed;

    /**
     * @param writers the others that have written; empty while nobody can say
     * @param nanos the time
     * @param longTime how long those that last are not suspect by that alone
     */
    KeyWatch(Supplier<Optional<Set<Long>>> writers, LongSupplier nanos, long longTime, Consumer<KeyWatch> closed) {
        this.writers = writers;
        this.nanos = nanos;
        this.longTime = longTime;
        this.closed = closed;
        this.since = nanos.getAsLong();
    }

    /** It is about to try for the key. */
    public synchronized void tries() {
        trying = true;
        endedMeanwhile.clear();
        changed = false;
    }

    /** It was refused: whoever has the key has written by now, unless he was one of those that have ended since it tried. */
    public void refused() {
        if (known()) {
            return;
        }
        Optional<Set<Long>> found = writers.get();
        synchronized (this) {
            trying = false;
            if (found.isPresent()) {
                seen = found.get();
                certain = endedMeanwhile.isEmpty();
                if (lasting == null) {
                    lasting = new HashSet<>(seen);
                    lasting.removeAll(endedMeanwhile);
                }
            }
        }
    }

    private synchronized boolean known() {
        trying &= !certain;
        return certain;
    }

    /** @return whether one that it may wait for has ended since it tried; for that it waits so long at most */
    public synchronized boolean await(long millis) throws InterruptedException {
        if (!changed) {
            wait(millis);
        }
        return changed;
    }

    /**
     * From any thread: a transaction has ended, or rolled back to a savepoint.
     *
     * @param whole whether it has ended
     */
    synchronized void ended(long other, boolean whole) {
        if (trying) {
            endedMeanwhile.add(other);
        }
        if (lasting != null && whole) {
            lasting.remove(other);
        }
        if (trying || seen.contains(other)) {
            certain = false;
            changed = true;
            notifyAll();
        }
    }

    /** One of them has the key; empty while nothing is certain. */
    public synchronized Set<Long> suspects() {
        if (certain) {
            return Set.copyOf(seen);
        }
        return lasting != null && nanos.getAsLong() - since >= longTime ? Set.copyOf(lasting) : Set.of();
    }

    @Override
    public void close() { closed.accept(this); }
}
