package dev.bgworker.supervisor.process;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import java.nio.channels.Channel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one scope owns, last owned first. */
final class Possessions {

    private static final Logger LOG = LoggerFactory.getLogger(Possessions.class);

    private final String scope;
    /** Shared by the scopes of one process, so that what is owned anew elsewhere is found and moves. */
    private final Map<AutoCloseable, Owned> index;
    private final Deque<Owned> all = new ArrayDeque<>(1);

    /** One thing owned; it may move to another scope, so it knows where it is. */
    static final class Owned implements Held {
        private final AutoCloseable resource;
        /** Null for what tells its name itself. */
        private final String name;
        private Possessions home;

        private Owned(AutoCloseable resource, String name) {
            this.resource = resource;
            this.name = name;
        }

        private void forget() {
            home.all.remove(this);
            home.index.remove(resource);
            home = null;
        }

        private String name() { return name == null ? String.valueOf(resource) : name; }

        /** It is gone already, by its own close or by itself. */
        private boolean gone() {
            return resource instanceof Channel channel && !channel.isOpen()
                    || resource instanceof Endable end && end.ended();
        }

        @Override
        public void close() {
            if (home == null) {
                return;
            }
            forget();
            try {
                resource.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new ErrorException(errcode("58000", "could not close " + name() + ": " + e.getMessage()), e);
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

    /**
     * What opens files or threads again and again and closes them itself must not make this grow, so who comes has those
     * forgotten that are gone.
     */
    Held add(AutoCloseable resource, String name) {
        List.copyOf(all).stream().filter(Owned::gone).forEach(Owned::forget);
        index.put(resource, new Owned(resource, name));
        return add(resource);
    }

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
        for (Owned each : all) {
            if (each.resource instanceof Endable end) {
                end.tellToEnd();
            }
        }
        while (!all.isEmpty()) {
            Owned last = all.peek();
            if (warn && !last.gone()) {
                LOG.warn("{} was left open at the end of scope \"{}\"", last.name(), scope);
            }
            try {
                last.close();
            } catch (Throwable e) { // whatever it is: what else is owned is closed all the same
                LOG.warn("could not close {} at the end of scope \"{}\"", last.name(), scope, e);
            }
        }
    }
}
