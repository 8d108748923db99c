package dev.bgworker.spi;

import dev.bgworker.spi.sql.Command;
import dev.bgworker.spi.sql.Script;
import dev.bgworker.spi.engine.CursorStyle;
import dev.bgworker.spi.engine.EngineConnection;
import dev.bgworker.spi.engine.EngineCursor;
import dev.bgworker.spi.engine.RecentTexts;
import dev.bgworker.spi.engine.Tuples;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.SpiResult.Code;
import dev.bgworker.spi.sql.Command.Effect;
import dev.bgworker.spi.sql.Inserts;
import java.sql.SQLException;
import java.util.List;

import static dev.bgworker.api.process.ErrorData.errcode;

/** {@code SPI_execute}: what may run, where, and again after each slice of a lock wait. Owner thread only. */
final class Execution {

    private static final Object[] NONE = {};

    private final SpiSession session;
    private final EngineConnection main;
    private final Snapshots snapshots;
    private final LockWait lockWait;
    private final Admission admission;
    private final SettingCommands settings;
    private final DirectExecution direct;
    // Parsing one costs more than running it.
    private final RecentTexts<Script> scripts = new RecentTexts<>();

    Execution(SpiSession session, EngineConnection main, Snapshots snapshots, LockWait lockWait) {
        this.session = session;
        this.main = main;
        this.snapshots = snapshots;
        this.lockWait = lockWait;
        this.admission = new Admission(session, main, snapshots);
        this.settings = new SettingCommands(session, session.parts().settings());
        this.direct = new DirectExecution(session, main, this, lockWait);
    }

    DirectExecution direct() { return direct; }

    SpiResult execute(SpiLevel level, String sql, boolean readOnly, long count, Object[] args) {
        return execute(level, sql, null, readOnly, count, args == null ? NONE : args);
    }

    /** {@code SPI_execute_plan}; a script of null is the one of that text. */
    SpiResult execute(SpiLevel level, String sql, Script planned, boolean readOnly, long count, Object[] values) {
        session.parts().watch().begins(sql);
        try {
            Script script = planned == null ? script(sql) : planned;
            return script.parameters() == values.length
                    ? run(level, script.commands(), readOnly, count, values)
                    : SpiRows.misuse(level, Code.ERROR_PARAM);
        } finally {
            session.parts().watch().ends(session.innermost().aborted());
        }
    }

    /** Has the engine look at what it can before it is executed. */
    Script prepare(SpiLevel level, String sql) {
        Script script = script(sql);
        for (Command command : script.commands()) {
            if (command.effect().prepared()) {
                try {
                    main.prepare(level.relations() == null ? command : level.relations().bind(command));
                } catch (SQLException e) {
                    throw session.failed(e, command.sql());
                }
            }
        }
        return script;
    }

    /** On that session, with waits for rows that FOR UPDATE locks. */
    EngineCursor open(EngineConnection on, Command command, Object[] args, CursorStyle style) throws SQLException {
        int deeds = session.parts().functions().deeds();
        try {
            return EngineCursor.open(on, command, args, style);
        } catch (SQLException e) {
            return lockWait.again(e, command.nowait(), deeds,
                    () -> EngineCursor.open(on, command, args, style));
        }
    }

    private SpiResult run(SpiLevel level, List<Command> commands, boolean readOnly, long count, Object[] args) {
        SpiRows result = null;
        int from = 0;
        for (int i = 0; i < commands.size(); i++) {
            Command command = commands.get(i);
            if (command.effect() == Effect.TRANSACTION) {
                return SpiRows.misuse(level, Code.ERROR_TRANSACTION);
            } else if (command.effect() == Effect.COPY) {
                return SpiRows.misuse(level, Code.ERROR_COPY);
            }
            Tuples tuples = level.relations() == null
                    ? run(command, readOnly, count, args, from)
                    : run(level.relations().bind(command, args, from), readOnly, count);
            session.parts().statistics().executed(command.code(), tuples.processed());
            result = new SpiRows(level, command.code(), tuples);
            from += command.numbered() ? 0 : command.parameters();
        }
        return result == null ? SpiRows.misuse(level, Code.OK_REWRITTEN) : result;
    }

    private Tuples run(Relations.Bound bound, boolean readOnly, long count) {
        Tuples tuples = run(bound.command(), readOnly, count, bound.values(), 0);
        return bound.counts() ? Tuples.count(((Number) tuples.rows().get(0)[0]).longValue()) : tuples;
    }

    private Script script(String sql) {
        Script known = scripts.get(sql);
        if (known == null) {
            if (sql.indexOf('\0') >= 0) {
                refuse(errcode("22021", "invalid byte sequence for encoding \"UTF8\": 0x00")
                        .errdetail("The text of the statement has a NUL at position " + (sql.indexOf('\0') + 1) + "."));
            }
            known = Script.parse(sql);
            if (known.error() != null) {
                refuse(known.error());
            }
            scripts.put(sql, known);
        }
        return known;
    }

    private Tuples run(Command command, boolean readOnly, long count, Object[] args, int from) {
        if (command.code() == Code.OK_UTILITY && !readOnly) {
            Tuples done = settings.run(command);
            if (done != null) {
                return done;
            }
        }
        admission.check(command, readOnly);
        session.checkInterrupts();
        Tuples tuples;
        try {
            if (readOnly) {
                tuples = onView(command, snapshots.active().snapshot().view(), count, args, from);
            } else if (command.effect() == Effect.NOTIFY) {
                session.parts().notifying().execute(command);
                tuples = Tuples.count(0);
            } else if (command.effect() == Effect.CLUSTER) {
                tuples = session.parts().clusterStatements().execute(command);
            } else if (command.effect() == Effect.DDL) {
                session.forgetWhatDdlDestroys();
                tuples = alone(command, args, from);
                session.force();
            } else {
                session.remember(command.effect());
                tuples = onMain(command, command.limitable() ? count : 0, args, from);
            }
        } catch (SQLException e) {
            throw session.failed(e, command.sql());
        }
        session.checkInterrupts();
        checkCount(command, count, tuples);
        return tuples;
    }

    private Tuples onView(Command command, EngineConnection view, long count, Object[] args, int from) throws SQLException {
        int deeds = session.parts().functions().deeds();
        try {
            return view.execute(command, true, count, args, from);
        } catch (SQLException e) {
            return lockWait.again(e, command.nowait(), deeds, () -> view.execute(command, true, count, args, from));
        }
    }

    private Tuples alone(Command command, Object[] args, int from) throws SQLException {
        int deeds = session.parts().functions().deeds();
        session.home().schema().begin();
        try {
            return main.executeAlone(command, args, from);
        } catch (SQLException e) {
            return lockWait.again(e, command.nowait(), deeds, () -> main.executeAlone(command, args, from));
        } finally {
            session.home().schema().end();
        }
    }

    private Tuples onMain(Command command, long limit, Object[] args, int from) throws SQLException {
        int deeds = session.parts().functions().deeds();
        boolean query = session.top().readOnly() && command.effect() != Effect.LOCK_TABLE;
        try {
            // The hot path has no lambda.
            return command.inserts() == Inserts.ONE
                    ? main.execute(command, query, limit, args, from)
                    : lockWait.once(command, () -> main.execute(command, query, limit, args, from));
        } catch (SQLException e) {
            return lockWait.again(e, command.nowait(), deeds,
                    () -> lockWait.once(command, () -> main.execute(command, query, limit, args, from)));
        }
    }

    /** One that takes no values and returns no rows, of those that the engine never sees. */
    void run(Command command) {
        run(command, false, 0, NONE, 0);
    }

    void checkAllowed(Command command, boolean readOnly) { admission.check(command, readOnly); }

    /** The engine limits what a changing query returns, not what it changes; PostgreSQL limits both. */
    private void checkCount(Command command, long count, Tuples tuples) {
        if (count > 0 && command.code().number() >= Code.OK_INSERT_RETURNING.number() && tuples.rows().size() > count) {
            refuse(errcode("0A000", command.tag() + " returned " + tuples.rows().size() + " rows, count is " + count)
                    .errdetail("The count cannot limit what a statement changes.")
                    .errhint("Pass count = 0 and limit the statement itself."));
        }
    }

    private void refuse(ErrorData error) { throw session.raise(error); }
}
