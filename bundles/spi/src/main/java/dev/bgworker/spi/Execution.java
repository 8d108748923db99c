package dev.bgworker.spi;

import dev.bgworker.spi.sql.Command;
import dev.bgworker.spi.sql.Script;
import dev.bgworker.spi.engine.Engine;
import dev.bgworker.spi.engine.Inside;
import dev.bgworker.spi.engine.EngineConnection;
import dev.bgworker.spi.engine.StatementCache;
import dev.bgworker.spi.engine.Tuples;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.SpiResult.Code;
import dev.bgworker.spi.sql.Command.Effect;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

import static dev.bgworker.api.process.ErrorData.errcode;

/** {@code SPI_execute}: what may run, where, and again after each slice of a lock wait. Owner thread only. */
final class Execution {

    private static final Object[] NONE = {};

    private final SpiSession session;
    private final EngineConnection main;
    private final Snapshots snapshots;
    private final Engine engine;
    // Owner thread only, by access order: the texts of a loop are few, and parsing one costs more than running it.
    private final Map<String, Script> scripts = new LinkedHashMap<>(StatementCache.SIZE, 0.75f, true);

    Execution(SpiSession session, EngineConnection main, Snapshots snapshots, Engine engine) {
        this.session = session;
        this.main = main;
        this.snapshots = snapshots;
        this.engine = engine;
    }

    SpiResult execute(SpiLevel level, String sql, boolean readOnly, long count, Object[] args) {
        if (sql.indexOf('\0') >= 0) {
            refuse(errcode("22021", "invalid byte sequence for encoding \"UTF8\": 0x00")
                    .errdetail("The text of the statement has a NUL at position " + (sql.indexOf('\0') + 1) + "."));
        }
        Script script = script(sql);
        Object[] values = args == null ? NONE : args;
        if (script.parameters() != values.length) {
            return SpiRows.misuse(level, Code.ERROR_PARAM);
        }
        SpiRows result = SpiRows.misuse(level, Code.OK_REWRITTEN);
        int from = 0;
        for (Command command : script.commands()) {
            if (command.effect() == Effect.TRANSACTION) {
                return SpiRows.misuse(level, Code.ERROR_TRANSACTION);
            } else if (command.effect() == Effect.COPY) {
                return SpiRows.misuse(level, Code.ERROR_COPY);
            }
            result = new SpiRows(level, command.code(), run(command, readOnly, count, values, from));
            from += command.parameters();
        }
        return result;
    }

    private Script script(String sql) {
        Script known = scripts.get(sql);
        if (known == null) {
            known = Script.parse(sql);
            scripts.put(sql, known);
            if (scripts.size() > StatementCache.SIZE) {
                scripts.remove(scripts.keySet().iterator().next());
            }
        }
        return known;
    }

    private Tuples run(Command command, boolean readOnly, long count, Object[] args, int from) {
        checkAllowed(command, readOnly);
        session.checkInterrupts();
        Tuples tuples;
        try {
            if (readOnly) {
                EngineConnection reader = snapshots.active().reader();
                tuples = sliced(command, () -> reader.execute(command, true, count, args, from));
            } else if (command.effect() == Effect.DDL) {
                session.forgetWhatDdlDestroys();
                tuples = sliced(command, () -> main.executeAlone(command, args, from));
            } else {
                session.remember(command.effect());
                long limit = command.limitable() ? count : 0;
                tuples = sliced(command, () -> main.execute(command, false, limit, args, from));
            }
        } catch (SQLException e) {
            throw session.failed(e, command.sql());
        }
        session.checkInterrupts();
        checkCount(command, count, tuples);
        return tuples;
    }

    /**
     * A statement of plain JDBC, under the same rules.
     *
     * @param running what a cancel ends meanwhile
     */
    <T> T direct(Command command, Statement running, Inside.Call<T> statement) {
        session.checkInterrupts();
        checkDirect(command);
        T result;
        try {
            if (command.effect() == Effect.DDL) {
                session.forgetWhatDdlDestroys();
                result = sliced(command, () -> main.executeAlone(command.tag(), running, statement));
            } else {
                session.remember(command.effect());
                result = sliced(command, () -> main.execute(command.tag(), running, statement));
            }
        } catch (SQLException e) {
            throw session.failed(e, command.sql());
        }
        session.checkInterrupts();
        return result;
    }

    /** What spi itself does, and not the engine, is left to its own calls. */
    private void checkDirect(Command command) {
        checkAllowed(command, false);
        switch (command.effect()) {
            case READ, LOCK, WRITE, DDL -> {
                // The engine's.
            }
            case TRANSACTION -> refuse(errcode("2D000", "invalid transaction termination")
                    .errdetail(command.tag() + " is no statement of JDBC.")
                    .errhint("End the transaction where it was begun."));
            default -> refuse(errcode("0A000", "cannot execute " + command.tag() + " through JDBC")
                    .errhint("Execute it with Spi.execute."));
        }
    }

    private <T> T sliced(Command command, Inside.Call<T> statement) throws SQLException {
        long last = Long.MIN_VALUE;
        int early = 0;
        while (true) {
            try {
                return statement.run();
            } catch (SQLException e) {
                if (engine.failure(e) != Engine.Failure.LOCK_WAIT || command.nowait()) {
                    throw e;
                }
                // A slice that is over at once was no wait: the engine says so of a damaged key, and would for ever.
                long now = System.nanoTime();
                early = last != Long.MIN_VALUE && now - last < engine.lockSlice() * 500_000L ? early + 1 : 0;
                if (early == 3) {
                    throw e;
                }
                last = now;
                session.checkInterrupts();
            }
        }
    }

    private void checkAllowed(Command command, boolean readOnly) {
        switch (command.effect()) {
            case ESCAPE -> refuse(errcode("42601", "syntax error at or near \"{\"")
                    .errhint("Write SQL without the escapes of JDBC."));
            case LISTEN -> refuse(errcode("0A000", "cannot execute LISTEN within a background process"));
            case HIDDEN -> refuse(errcode("0A000", command.tag() + " is not supported")
                    .errhint("Execute the statement itself; spi keeps it prepared."));
            case SETTING -> refuse(errcode("42501", "permission denied to execute " + command.tag())
                    .errdetail("The settings of a session and its user are the host's.")
                    .errhint("Qualify names with their schema."));
            default -> {
                if (readOnly) {
                    checkReadOnly(command);
                } else if (command.refusedOnStandby() && session.readOnlyByForce()) {
                    refuse(errcode("25006", "cannot execute " + command.tag() + " in a read-only transaction")
                            .errhint("The server is not yet read-write; start the worker at RECOVERY_FINISHED."));
                } else if (command.effect() == Effect.DDL && session.innermost().anyUsed()) {
                    refuse(errcode("25001", command.tag() + " cannot run after the transaction wrote or locked rows")
                            .errdetail("DDL would commit it.")
                            .errhint("Run DDL before writing, or in a transaction of its own."));
                }
            }
        }
    }

    private void checkReadOnly(Command command) {
        if (!command.plainQuery() || command.sequence() && session.readOnlyByForce()) {
            refuse(errcode("0A000", command.tag() + " is not allowed in a non-volatile function")
                    .errhint("Execute it with readOnly = false."));
        } else if (snapshots.active() == null) {
            refuse(errcode("55000", "cannot execute a read-only query without an active snapshot")
                    .errhint("Push one before: transaction.snapshot().push()."));
        } else if (snapshots.active().reader() == null) {
            refuse(SpiSnapshot.SPENT);
        }
    }

    /** The engine limits what a changing query returns, not what it changes; PostgreSQL limits both. */
    private void checkCount(Command command, long count, Tuples tuples) {
        if (command.code().number() >= Code.OK_INSERT_RETURNING.number() && count > 0 && tuples.rows().size() > count) {
            refuse(errcode("0A000", command.tag() + " returned " + tuples.rows().size() + " rows, count is " + count)
                    .errdetail("The count cannot limit what a statement changes.")
                    .errhint("Pass count = 0 and limit the statement itself."));
        }
    }

    private void refuse(ErrorData error) { throw session.raise(error); }
}
