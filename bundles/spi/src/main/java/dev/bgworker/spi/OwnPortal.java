package dev.bgworker.spi;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.spi.Portal;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.SpiResult.Code;
import dev.bgworker.spi.engine.CursorStyle;
import dev.bgworker.spi.engine.EngineCursor;
import dev.bgworker.spi.engine.Tuples;
import dev.bgworker.spi.sql.Command;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import static dev.bgworker.api.process.ErrorData.errcode;

/** A portal over a cursor of the engine. Owner thread only. */
final class OwnPortal implements Portal {

    /** FAILED takes nothing but its close; CLOSED was closed by its user, ENDED by its transaction. */
    private enum State {
        READY, FAILED, CLOSED, ENDED
    }

    private final SpiSession session;
    private final String name;
    private final Command command;
    private final CursorStyle style;
    private final EngineCursor cursor;
    // Null when it runs on the main session.
    private final SpiSnapshot view;
    // All four: owner thread only. The level that it ends with is the parent's after a commit.
    private TransactionLevel level;
    private State state = State.READY;
    private long position;
    private long size;

    OwnPortal(SpiSession session, String name, Command command, CursorStyle style, EngineCursor cursor, SpiSnapshot view) {
        this.session = session;
        this.name = name;
        this.command = command;
        this.style = style;
        this.cursor = cursor;
        this.view = view;
        this.level = session.innermost();
        this.size = style.scroll() ? cursor.size() : CursorMove.UNKNOWN;
    }

    @Override
    public String name() { return name; }

    TransactionLevel level() { return level; }

    void moveTo(TransactionLevel parent) { level = parent; }

    EngineCursor cursor() { return cursor; }

    SpiSnapshot view() { return view; }

    /** Whether the engine is still at work on it, so that its session must keep its view. */
    boolean streams() {
        return style.streams();
    }

    @Override
    public SpiResult fetch(Direction direction, long count) {
        SpiLevel connected = checkUsable();
        CursorMove move = next(direction, count);
        Tuples rows = inEngine(() -> style.scroll() ? scroll(move) : forward(move));
        return new SpiRows(connected, Code.OK_FETCH, rows);
    }

    @Override
    public long move(Direction direction, long count) {
        checkUsable();
        CursorMove move = CursorMove.of(position, size, direction, count);
        if (style.scroll() || move.to() == position) {
            position = move.to();
            return move.rows();
        }
        CursorMove ahead = next(direction, count);
        return inEngine(() -> pass(ahead));
    }

    private CursorMove next(Direction direction, long count) {
        CursorMove move = CursorMove.of(position, size, direction, count);
        boolean fromEnd = direction == Direction.ABSOLUTE && count < 0;
        if (!style.scroll() && (fromEnd || move.goesBack(position))) {
            throw session.raise(errcode("55000", "cursor can only scan forward")
                    .errhint("Open it with scroll = true to enable backward scan."));
        }
        return move;
    }

    private Tuples scroll(CursorMove move) throws SQLException {
        Tuples found = cursor.from(Math.max(1, move.first()), move.rows());
        position = move.to();
        List<Object[]> rows = new ArrayList<>(found.rows());
        if (move.backward()) {
            Collections.reverse(rows);
        }
        return new Tuples(rows.size(), found.columns(), rows);
    }

    private Tuples forward(CursorMove move) throws SQLException {
        long between = move.first() - position - 1;
        long passed = move.rows() == 0 || between == 0 ? 0 : cursor.skip(between);
        Tuples found = cursor.next(passed < between ? 0 : move.rows());
        passed(move, passed + found.processed());
        return found;
    }

    private long pass(CursorMove move) throws SQLException {
        long between = move.first() - position - 1;
        long passed = cursor.skip(between + move.rows());
        passed(move, passed);
        return Math.max(0, passed - between);
    }

    /** Fewer than asked for is how one that streams shows its end. */
    private void passed(CursorMove move, long rows) {
        if (rows < move.first() - position - 1 + move.rows()) {
            size = position + rows;
            position = size + 1;
        } else {
            position = move.to();
        }
    }

    private <T> T inEngine(dev.bgworker.spi.engine.Inside.Call<T> call) {
        session.parts().watch().begins(command.sql());
        try {
            session.checkInterrupts();
            T result = call.run();
            session.checkInterrupts();
            return result;
        } catch (SQLException e) {
            state = State.FAILED;
            throw session.failed(e, command.sql());
        } finally {
            session.parts().watch().ends(session.innermost().aborted());
        }
    }

    private SpiLevel checkUsable() {
        session.caller().checkCall();
        if (state == State.CLOSED || state == State.ENDED) {
            throw session.raise(unknown(name));
        }
        session.innermost().check();
        if (state == State.FAILED) {
            throw session.raise(errcode("55000", "portal \"" + name + "\" cannot be run"));
        }
        SpiLevel connected = session.stack().innermost();
        if (connected == null) {
            throw session.raise(errcode("55000", "cannot use cursor \"" + name + "\" without an SPI connection")
                    .errhint("Connect first: transaction.connect()."));
        }
        return connected;
    }

    static ErrorData unknown(String name) { return errcode("34000", "cursor \"" + name + "\" does not exist"); }

    /** Quiet about one that its transaction has closed, as everything that a scope ends. */
    @Override
    public void close() {
        session.caller().checkThread();
        if (state == State.READY || state == State.FAILED) {
            session.portals().close(this);
            state = State.CLOSED;
        } else if (state == State.CLOSED && !level.ended() && !level.aborted()) {
            throw session.raise(unknown(name));
        }
    }

    void ended() { state = State.ENDED; }
}
