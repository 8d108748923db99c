package dev.bgworker.spi;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.api.process.Held;
import dev.bgworker.spi.cluster.Blockers;
import dev.bgworker.spi.cluster.KeyWatch;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What one wait of a session is on at the moment, as the wait graph shows it: a row, for which the engine sleeps, or a key, for
 * which it would not. Owner thread only.
 */
final class Blockade implements Held {

    private static final String TYPE = "Lock";
    private static final String EVENT = "transactionid";
    /** So often a key is tried for although nothing is known to have changed. */
    private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(100);
    /** And not more often than this, however much changes. */
    private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(20);
    /** In deadlock_timeouts. */
    private static final int LONG_TIME = 10;

    private final WaitGraph graph;
    private final ProcArray.Entry entry;
    private final Blockers blockers;
    private final long session;
    private final Duration deadlockTimeout;
    // All by the owner; the watch is null while it waits for a row.
    private KeyWatch watch;
    private Held waiting = () -> {};
    private long joined;
    private long tried;

    Blockade(WaitGraph graph, ProcArray.Entry entry, Blockers blockers, long session, Duration deadlockTimeout) {
        this.graph = graph;
        this.entry = entry;
        this.blockers = blockers;
        this.session = session;
        this.deadlockTimeout = deadlockTimeout;
    }

    /** The statement was refused. */
    void by(boolean key) {
        if (joined == 0 || key != ofKey()) {
            close();
            if (key) {
                watch = blockers.watch(session, deadlockTimeout.multipliedBy(LONG_TIME));
                tried = System.nanoTime() - LONGEST; // who has refused it may have gone before anybody watched
            }
            join();
        } else if (key) {
            tried = System.nanoTime();
            watch.refused();
        }
    }

    boolean ofKey() { return watch != null; }

    /** Once more into the graph, which is searched once for each wait. */
    void rejoinAfter(long nanos) {
        if (System.nanoTime() - joined > nanos) {
            waiting.close();
            join();
        }
    }

    private void join() {
        waiting = watch == null
                ? graph.waiting(entry, TYPE, EVENT, () -> blockers.of(session))
                : suspected(watch);
        joined = System.nanoTime();
    }

    private Held suspected(KeyWatch of) {
        return graph.waitingForOne(entry, TYPE, EVENT, () -> blockers.pids(of.suspects()));
    }

    /** Of a key; waits a little. Whether the statement is to be run now. */
    boolean mayBeOver() {
        long since = System.nanoTime() - tried;
        try {
            if (since < SHORTEST) {
                TimeUnit.NANOSECONDS.sleep(SHORTEST - since);
                return false;
            } else if (since < LONGEST && !watch.await(TimeUnit.NANOSECONDS.toMillis(LONGEST - since) + 1)) {
                return false;
            }
        } catch (InterruptedException e) {
            // As the engine's own waits take it: the caller looks at what is pending, and the flag stays for who set it.
            Thread.currentThread().interrupt();
        }
        watch.tries();
        return true;
    }

    @Override
    public void close() {
        waiting.close();
        waiting = () -> {};
        if (watch != null) {
            watch.close();
            watch = null;
        }
    }
}
