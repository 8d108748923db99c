package dev.bgworker.spi.cluster;

import dev.bgworker.api.process.Held;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Of one session that waits for a key which another has written and not committed. The engine does not say which, so suspect
 * are all that had written to a table of its own when it was refused. One that commits is not it, if it is refused still. One
 * that rolls back, be it to a savepoint, may have let somebody else have the key, so that they are looked for anew.
 * Thread-safe.
 */
public final class KeyWatch implements Held {

    private final Supplier<Optional<Set<Long>>> writers;
    private final Consumer<KeyWatch> closed;
    // All under this.
    private final Set<Long> suspects = new HashSet<>();
    private final Set<Long> endedMeanwhile = new HashSet<>();
    private boolean looking;
    private boolean unknown = true;
    private boolean changed;

    /** @param writers those that have written to a table of its own; empty while nobody can say */
    KeyWatch(Supplier<Optional<Set<Long>>> writers, Consumer<KeyWatch> closed) {
        this.writers = writers;
        this.closed = closed;
    }

    /** Right before the statement is run again. */
    public void look() {
        boolean narrows = begin();
        Optional<Set<Long>> found = writers.get();
        synchronized (this) {
            if (!narrows) {
                looking = false;
                unknown |= found.isEmpty();
                found.ifPresent(suspects::addAll);
                suspects.removeAll(endedMeanwhile);
            } else if (found.isPresent()) {
                suspects.retainAll(found.get());
            }
        }
    }

    private synchronized boolean begin() {
        changed = false;
        if (!unknown && !suspects.isEmpty()) {
            return true;
        }
        looking = true;
        unknown = false;
        suspects.clear();
        endedMeanwhile.clear();
        return false;
    }

    /** @return whether something has changed since the last look, for which it waits so long at most */
    public synchronized boolean await(long millis) throws InterruptedException {
        if (!changed) {
            wait(millis);
        }
        return changed;
    }

    /** From any thread: a transaction has ended, or rolled back to a savepoint. */
    synchronized void ended(long other, boolean commit) {
        if (looking) {
            endedMeanwhile.add(other);
        } else if (!suspects.contains(other)) {
            return;
        }
        if (commit) {
            suspects.remove(other);
        } else {
            unknown = true;
        }
        changed = true;
        notifyAll();
    }

    /** One of them has the key; empty while they are not known. */
    public synchronized Set<Long> suspects() {
        return looking || unknown ? Set.of() : Set.copyOf(suspects);
    }

    @Override
    public void close() { closed.accept(this); }
}
