package dev.bgworker.spi;

import dev.bgworker.spi.engine.Engine;
import dev.bgworker.spi.engine.EngineConnection;
import dev.bgworker.spi.cluster.Connections;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stack of active snapshots of a session, and the reader sessions that they are pinned on.
 *
 * <p>A reader is pinned when the snapshot is taken, not at the first read, so that the view is that of the moment. As in
 * PostgreSQL the next {@code GetTransactionSnapshot} takes back what is not pushed; so there is one reader more than there
 * are pushed snapshots at most, and one is kept for the next transaction. Owner thread only.
 */
final class Snapshots {

    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

    private final Connections connections;
    private final String pin;
    private final Deque<EngineConnection> idle = new ArrayDeque<>();
    private final List<SpiSnapshot> pinned = new ArrayList<>();
    private final Deque<PushedSnapshot> stack = new ArrayDeque<>();

    Snapshots(Connections connections, Engine engine) {
        this.connections = connections;
        this.pin = engine.pin();
    }

    SpiSnapshot take(TransactionLevel level) throws SQLException {
        for (Iterator<SpiSnapshot> each = pinned.iterator(); each.hasNext();) {
            SpiSnapshot old = each.next();
            if (!old.pushed()) {
                each.remove();
                unpin(old);
            }
        }
        EngineConnection reader = idle.poll();
        if (reader == null) {
            reader = connections.open(true);
        }
        SpiSnapshot snapshot = new SpiSnapshot(level, reader);
        pinned.add(snapshot);
        reader.pin(pin);
        return snapshot;
    }

    PushedSnapshot push(SpiSnapshot snapshot, TransactionLevel level) {
        PushedSnapshot entry = new PushedSnapshot(snapshot, level);
        snapshot.count(1);
        stack.push(entry);
        return entry;
    }

    /** Nothing when it is not on the stack any more. */
    void pop(PushedSnapshot entry) {
        if (stack.removeFirstOccurrence(entry)) {
            entry.snapshot().count(-1);
        }
    }

    /** A cursor reads from it: it stays pinned although nobody has pushed it. */
    void hold(SpiSnapshot snapshot) {
        snapshot.count(1);
    }

    void release(SpiSnapshot snapshot) { snapshot.count(-1); }

    /** The active one, null when none is. */
    SpiSnapshot active() {
        PushedSnapshot top = stack.peek();
        return top == null ? null : top.snapshot();
    }

    /** DDL changed what they are views of. */
    void spend() {
        pinned.forEach(this::unpin);
        pinned.clear();
    }

    /** Commit of a subtransaction: the parent has them now. */
    void handOver(TransactionLevel from, TransactionLevel to) {
        for (PushedSnapshot entry : stack) {
            if (entry.level() == from) {
                entry.moveTo(to);
            }
        }
    }

    /** How many it drops; those of a level are on top of its parent's. */
    int drop(TransactionLevel level) {
        int dropped = 0;
        for (Iterator<PushedSnapshot> each = stack.iterator(); each.hasNext();) {
            PushedSnapshot entry = each.next();
            if (entry.level() == level) {
                each.remove();
                entry.snapshot().count(-1);
                dropped++;
            }
        }
        return dropped;
    }

    /** The transaction is over: nothing stays pinned, one reader stays open. */
    void endTransaction() {
        spend();
        while (idle.size() > 1) {
            connections.close(idle.pop());
        }
    }

    private void unpin(SpiSnapshot snapshot) {
        EngineConnection reader = snapshot.unpin();
        if (reader != null) {
            try {
                reader.rollback();
                idle.push(reader);
            } catch (SQLException e) {
                LOG.debug("a reader is given up: its snapshot could not be released", e);
                connections.close(reader);
            }
        }
    }
}
