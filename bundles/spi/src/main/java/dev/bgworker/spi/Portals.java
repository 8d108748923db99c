package dev.bgworker.spi;

import dev.bgworker.api.spi.Portal;
import dev.bgworker.spi.engine.CursorStyle;
import dev.bgworker.spi.engine.Engine;
import dev.bgworker.spi.engine.EngineConnection;
import dev.bgworker.spi.engine.EngineCursor;
import dev.bgworker.spi.sql.Command;
import dev.bgworker.spi.sql.Command.Effect;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * The portals of a session by name; they outlive the SPI level that opened them and end with their level of transaction.
 *
 * <p>A forward cursor streams when a pinned reader sees what the statement would see: read_only on the reader of the active
 * snapshot, else on one of its own as long as the transaction has not written. All others are buffered by the engine. Owner
 * thread only.
 */
final class Portals implements LevelStep {

    private static final Logger LOG = LoggerFactory.getLogger(Portals.class);

    private final SpiSession session;
    private final Snapshots snapshots;
    private final CursorStyle streaming;
    private final Map<String, OwnPortal> open = new LinkedHashMap<>();
    // Owner thread only.
    private int unnamed;

    Portals(SpiSession session, Snapshots snapshots, Engine engine) {
        this.session = session;
        this.snapshots = snapshots;
        this.streaming = CursorStyle.streaming(engine);
    }

    Portal open(String wanted, Command command, boolean scroll, boolean readOnly, Object[] args) {
        String name = name(wanted);
        session.parts().watch().begins(command.sql());
        try {
            session.execution().checkAllowed(command, readOnly);
            session.checkInterrupts();
            OwnPortal portal = open(name, command, args, scroll, view(command, scroll, readOnly));
            open.put(name, portal);
            session.checkInterrupts();
            return portal;
        } catch (SQLException e) {
            throw session.failed(e, command.sql());
        } finally {
            session.parts().watch().ends(session.innermost().aborted());
        }
    }

    private String name(String wanted) {
        if (wanted != null && !wanted.isEmpty()) {
            if (open.containsKey(wanted)) {
                throw session.raise(errcode("42P03", "cursor \"" + wanted + "\" already exists"));
            }
            return wanted;
        }
        String made;
        do {
            unnamed++;
            made = "<unnamed portal " + unnamed + ">";
        } while (open.containsKey(made));
        return made;
    }

    /** Null for the main session. */
    private SpiSnapshot view(Command command, boolean scroll, boolean readOnly) {
        if (readOnly) {
            return snapshots.active().snapshot();
        }
        boolean same = !scroll && command.effect() == Effect.READ && !command.sequence() && !session.innermost().anyWrote()
                && !session.top().modes().repeatableRead();
        return same ? snapshots.take(session.innermost()) : null;
    }

    private OwnPortal open(String name, Command command, Object[] args, boolean scroll, SpiSnapshot view)
            throws SQLException {
        EngineConnection on = view == null ? session.main() : view.view();
        CursorStyle style = scroll ? CursorStyle.SCROLL : on == session.main() ? CursorStyle.BUFFERED : streaming;
        if (view == null) {
            session.remember(command.effect());
        }
        EngineCursor cursor = session.execution().open(on, command, args, style);
        if (view != null) {
            snapshots.hold(view);
        }
        return new OwnPortal(session, name, command, style, cursor, view);
    }

    Optional<Portal> find(String name) { return Optional.ofNullable(open.get(name)); }

    /** Whether DDL would change what one of them is still reading. */
    boolean streaming() {
        return open.values().stream().anyMatch(OwnPortal::streams);
    }

    /** {@code PreCommit_Portals}. */
    @Override
    public void preCommit(TransactionLevel level) {
        if (level.parent() == null) {
            closeThoseOf(level);
        }
    }

    /** {@code AtSubCommit_Portals}: they are the parent's now. */
    @Override
    public void committed(TransactionLevel level) {
        if (level.parent() != null) {
            open.values().stream().filter(portal -> portal.level() == level)
                    .forEach(portal -> portal.moveTo(level.parent()));
        }
    }

    @Override
    public void aborting(TransactionLevel level) { closeThoseOf(level); }

    private void closeThoseOf(TransactionLevel level) {
        if (!open.isEmpty()) {
            List<OwnPortal> ending = new ArrayList<>(open.values());
            ending.removeIf(portal -> portal.level() != level);
            ending.forEach(portal -> {
                close(portal);
                portal.ended();
            });
        }
    }

    void close(OwnPortal portal) {
        open.remove(portal.name());
        try {
            portal.cursor().close();
        } catch (SQLException e) {
            LOG.debug("{}: cursor \"{}\" did not close cleanly; its session ends with the transaction", session.caller(),
                    portal.name(), e);
        } finally {
            if (portal.view() != null) {
                snapshots.release(portal.view());
            }
        }
    }
}
