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

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * The stack of active snapshots of a session, and the reader sessions that they are pinned on.
 *
 * <p>A reader is pinned when the snapshot is taken, not at the first read, so that the view is that of the moment. As in
 * PostgreSQL the next {@code GetTransactionSnapshot} takes back what is not pushed; so there is one reader more than there
 * are pushed snapshots at most, and one is kept for the next transaction. Owner thread only.
 */
final class Snapshots {

    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

    private final SpiSession session;
    private final Connections connections;
    private final String pin;
    private final Deque<EngineConnection> idle = new ArrayDeque<>();
    private final List<SpiSnapshot> pinned = new ArrayList<>();
    private final Deque<PushedSnapshot> stack = new ArrayDeque<>();

    Snapshots(SpiSession session, Connections connections, Engine engine) {
        this.session = session;
        this.connections = connections;
        this.pin = engine.pin();
    }

    /** {@code GetTransactionSnapshot}. One that cannot be pushed is given all the same: it is the push that is refused. */
    SpiSnapshot take(TransactionLevel level) {
        try {
            if (session.top().modes().repeatableRead()) {
                return own(level, session.main());
            }
            return level.anyWrote() ? new SpiSnapshot(level, null) : pinned(level);
        } catch (SQLException e) {
            throw session.failed(e, "GetTransactionSnapshot");
        }
    }

    private SpiSnapshot pinned(TransactionLevel level) throws SQLException {
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

    /** The transaction's own view, which the main session fixes now unless it has. */
    private SpiSnapshot own(TransactionLevel level, EngineConnection main) throws SQLException {
        if (!main.used()) {
            main.pin(pin);
        }
        return new SpiSnapshot(level, main);
    }

    /** {@code PushActiveSnapshot}. */
    PushedSnapshot push(SpiSnapshot snapshot, TransactionLevel taken) {
        taken.check();
        TransactionLevel level = session.innermost();
        if (!snapshot.current()) {
            throw session.raise(SpiSnapshot.SPENT);
        } else if (level.anyWrote() && !session.top().modes().repeatableRead()) {
            throw session.raise(errcode("25001", "cannot push a snapshot after the transaction wrote")
                    .errhint("Push the snapshot before writing, or read with readOnly = false."));
        } else if (snapshot.view() == null) {
            throw session.raise(SpiSnapshot.SPENT);
        }
        PushedSnapshot entry = new PushedSnapshot(snapshot, level);
        snapshot.count(1);
        stack.push(entry);
        return entry;
    }

    /** Nothing when it is not on the stack any more. */
    void pop(PushedSnapshot entry) {
        session.caller().checkThread();
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
    PushedSnapshot active() { return stack.peek(); }

    /** DDL changed what they are views of. */
    void spend() {
        pinned.forEach(this::unpin);
        pinned.clear();
    }

    /** A subtransaction that commits hands them to its parent; else they go, each with a WARNING if that was forgotten. */
    void ended(TransactionLevel level, boolean commit, boolean forgotten) {
        if (commit && level.parent() != null) {
            handOver(level, level.parent());
            return;
        }
        for (int left = drop(level); left > 0; left--) {
            if (commit && forgotten) {
                LOG.warn("{}: snapshot still active", session.caller());
            }
        }
    }

    private void handOver(TransactionLevel from, TransactionLevel to) {
        for (PushedSnapshot entry : stack) {
            if (entry.level() == from) {
                entry.moveTo(to);
            }
        }
    }

    /** How many it drops; those of a level are on top of its parent's. */
    private int drop(TransactionLevel level) {
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
