package dev.bgworker.spi;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.HostTime;
import dev.bgworker.spi.engine.Engine;
import dev.bgworker.spi.engine.EngineConnection;
import dev.bgworker.spi.engine.Engine.Failure;
import dev.bgworker.spi.engine.EngineSavepoint;
import dev.bgworker.spi.engine.Inside;
import dev.bgworker.spi.sql.Command;
import dev.bgworker.spi.sql.Inserts;
import dev.bgworker.spi.timeout.SessionSettings;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A wait for what others have locked, in slices, since the engine ends one by its timeout only: cancel, die and
 * {@code lock_timeout} are looked at between two. From the second slice on it is part of the wait graph. Owner thread only.
 */
final class LockWait {

    private static final int EARLY = 3;

    private final SpiSession session;
    private final HostServices host;
    private final SessionSettings settings;
    private final Engine engine;
    private final EngineConnection main;
    private final Supplier<Blockade> blockades;
    private final long slice;
    /** What lock_timeout goes by; slices are the engine's, which sleeps by the machine's own time. */
    private final HostTime time;

    LockWait(SpiSession session, HostServices host, SessionSettings settings, Engine engine,
            EngineConnection main, Supplier<Blockade> blockades) {
        this.session = session;
        this.host = host;
        this.settings = settings;
        this.engine = engine;
        this.main = main;
        this.blockades = blockades;
        this.time = session.caller().entry().proc().time();
        this.slice = TimeUnit.MILLISECONDS.toNanos(engine.lockSlice());
    }

    /**
     * Runs the statement again: once for a cancel that was meant for the one before, and until it is through for a wait.
     *
     * @param failed what its first slice ended with, thrown again if that was neither
     * @param deeds of functions before that: what did more must not be done again
     */
    <T> T again(SQLException failed, boolean nowait, int deeds, Inside.Call<T> statement) throws SQLException {
        if (!session.strayCancel(failed) || session.parts().functions().deeds() != deeds) {
            return outlast(failed, nowait, deeds, statement);
        }
        try {
            return statement.run();
        } catch (SQLException e) {
            return outlast(e, nowait, deeds, statement);
        }
    }

    private <T> T outlast(SQLException failed, boolean nowait, int deeds, Inside.Call<T> statement) throws SQLException {
        if (nowait || !engine.failure(failed).waits() || session.parts().functions().deeds() != deeds) {
            throw failed;
        }
        long began = time.nanoTime() - slice;
        // The graph is searched once for each wait, and that search may hit the moment between two slices.
        long searched = 2 * host.settings().time("deadlock_timeout").toNanos();
        try (Blockade blockade = blockades.get()) {
            int early = 0;
            boolean canceled = false;
            blockade.by(key(failed));
            while (true) {
                session.checkInterrupts();
                checkTimeout(began);
                blockade.rejoinAfter(searched);
                boolean key = blockade.ofKey();
                if (key && !blockade.mayBeOver()) {
                    continue;
                }
                long slicedFrom = System.nanoTime();
                try {
                    return key ? briefly(statement) : statement.run();
                } catch (SQLException e) {
                    if (!canceled && session.strayCancel(e)) {
                        canceled = true; // for a deadlock that was none any more when this was to be told of it
                        continue;
                    }
                    // A slice that is over at once was no wait: the engine says so of a damaged key, and would for ever.
                    early = !key && System.nanoTime() - slicedFrom < slice / 2 ? early + 1 : 0;
                    if (!engine.failure(e).waits() || early == EARLY || session.parts().functions().deeds() != deeds) {
                        throw e;
                    }
                    blockade.by(key(e));
                }
            }
        }
    }

    /** One try for a key, since the engine spends the processor on more. */
    private <T> T briefly(Inside.Call<T> statement) throws SQLException {
        main.lockTimeout(engine.lockTimeout(1));
        try {
            return statement.run();
        } finally {
            main.lockTimeout(engine.lockTimeout(engine.lockSlice()));
        }
    }

    private boolean key(SQLException failed) { return engine.failure(failed) == Failure.KEY_WAIT; }

    /**
     * So that it inserts each row once. The engine begins a statement again that was refused a key for a moment, and does not
     * undo the rows that it has inserted by then; neither does it undo those of a query that has failed.
     */
    <T> T once(Command command, Inside.Call<T> statement) throws SQLException {
        if (command.inserts() == Inserts.ONE) {
            return statement.run();
        }
        Optional<EngineSavepoint> before = command.returnsRows() ? Optional.of(EngineSavepoint.set(main)) : Optional.empty();
        T result;
        try {
            result = statement.run();
        } catch (SQLException e) {
            if (before.isPresent() && engine.failure(e).waits()) {
                before.get().rollbackTo();
            }
            throw e;
        }
        if (main.refused() && command.inserts() == Inserts.SEVERAL) {
            throw session.raise(begunAgain());
        }
        if (before.isPresent()) {
            before.get().release();
        }
        return result;
    }

    private static ErrorData begunAgain() {
        return errcode("40001", "could not serialize access due to concurrent insert")
                .errdetail(
                        "The engine has begun a statement of several rows again that may have inserted some already.")
                .errhint("Run the transaction again, or insert one row with each statement.");
    }

    private void checkTimeout(long began) {
        long limit = settings.limits().lock();
        if (limit > 0 && time.nanoTime() - began >= limit) {
            throw session.raise(errcode("55P03", "canceling statement due to lock timeout")
                    .errhint("Commit sooner what holds the lock, or raise lock_timeout, which is "
                            + TimeUnit.NANOSECONDS.toMillis(limit) + " ms."));
        }
    }
}
