package dev.bgworker.supervisor.process;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one scope owns, last owned first. */
final class Possessions {

    private static final Logger LOG = LoggerFactory.getLogger(Possessions.class);

    private final String scope;
    /** Shared by the scopes of one process, so that what is owned anew elsewhere is found and moves. */
    private final Map<AutoCloseable, Owned> index;
    private final Deque<Owned> all = new ArrayDeque<>();

    /** One thing owned; it may move to another scope, so it knows where it is. */
    static final class Owned implements Held {
        private final AutoCloseable resource;
        private Possessions home;

        private Owned(AutoCloseable resource, Possessions home) {
            this.resource = resource;
            this.home = home;
        }

        @Override
        public void close() {
            if (home == null) {
                return;
            }
            home.all.remove(this);
            home.index.remove(resource);
            home = null;
            try {
                resource.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new ErrorException(errcode("58000", "could not close " + resource + ": " + e.getMessage()), e);
            }
        }
    }

    Possessions(String scope, Map<AutoCloseable, Owned> index) {
        this.scope = scope;
        this.index = index;
    }

    /** An index for a process. */
    static Map<AutoCloseable, Owned> index() { return new IdentityHashMap<>(); }

    /** For a scope inside the one of these. */
    Possessions inside(String child) { return new Possessions(child, index); }

    Held add(AutoCloseable resource) {
        Owned owned = resource instanceof Owned moving
                ? moving
                : index.computeIfAbsent(resource, key -> new Owned(key, null));
        if (owned.home != null) {
            owned.home.all.remove(owned);
        }
        owned.home = this;
        all.push(owned);
        return owned;
    }

    void moveTo(Possessions other) {
        while (!all.isEmpty()) {
            other.add(all.pollLast());
        }
    }

    /** @param warn whether something left here means that somebody forgot it (R208) */
    void closeAll(boolean warn) {
        while (!all.isEmpty()) {
            Owned last = all.peek();
            if (warn) {
                LOG.warn("{} was left open at the end of scope \"{}\"", last.resource, scope);
            }
            try {
                last.close();
            } catch (Throwable e) { // whatever it is: what else is owned is closed all the same
                LOG.warn("could not close {} at the end of scope \"{}\"", last.resource, scope, e);
            }
        }
    }
}
