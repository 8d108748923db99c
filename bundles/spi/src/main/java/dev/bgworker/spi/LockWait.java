package dev.bgworker.spi;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.process.HostTime;
import dev.bgworker.spi.engine.Engine;
import dev.bgworker.spi.engine.Engine.Failure;
import dev.bgworker.spi.engine.Inside;
import dev.bgworker.spi.timeout.SessionSettings;
import java.sql.SQLException;
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
    private final Supplier<Blockade> blockades;
    private final long slice;
    /** What lock_timeout goes by; slices are the engine's, which sleeps by the machine's own time. */
    private final HostTime time;

    LockWait(SpiSession session, HostServices host, SessionSettings settings, Engine engine, Supplier<Blockade> blockades) {
        this.session = session;
        this.host = host;
        this.settings = settings;
        this.engine = engine;
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
            blockade.by(forKey(failed));
            while (true) {
                session.checkInterrupts();
                checkTimeout(began);
                blockade.rejoinAfter(searched);
                if (!blockade.mayBeOver(engine.lockSlice())) {
                    continue;
                }
                long slicedFrom = System.nanoTime();
                try {
                    return statement.run();
                } catch (SQLException e) {
                    // A slice that is over at once was no wait: the engine says so of a damaged key, and would for ever.
                    early = System.nanoTime() - slicedFrom < slice / 2 ? early + 1 : 0;
                    if (!engine.failure(e).waits() || early == EARLY || session.parts().functions().deeds() != deeds) {
                        throw e;
                    }
                    blockade.by(forKey(e));
                }
            }
        }
    }

    private boolean forKey(SQLException failed) { return engine.failure(failed) == Failure.KEY_WAIT; }

    private void checkTimeout(long began) {
        long limit = settings.limits().lock();
        if (limit > 0 && time.nanoTime() - began >= limit) {
            throw session.raise(errcode("55P03", "canceling statement due to lock timeout")
                    .errhint("Commit sooner what holds the lock, or raise lock_timeout, which is "
                            + TimeUnit.NANOSECONDS.toMillis(limit) + " ms."));
        }
    }
}
