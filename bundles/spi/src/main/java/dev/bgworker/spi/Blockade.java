package dev.bgworker.spi;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.api.process.Held;
import dev.bgworker.spi.cluster.Blockers;
import dev.bgworker.spi.cluster.KeyWatch;
import java.util.concurrent.TimeUnit;

/**
 * What one wait of a session is on at the moment, as the wait graph shows it: a row, for which the engine sleeps, or a key, for
 * which it would not. Owner thread only.
 */
final class Blockade implements Held {

    private static final String TYPE = "Lock";
    private static final String EVENT = "transactionid";
    /** So often a key is asked for although nothing is known to have changed. */
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(1);

    private final WaitGraph graph;
    private final ProcArray.Entry entry;
    private final Blockers blockers;
    private final long session;
    // All by the owner; the watch is null while it waits for a row.
    private KeyWatch watch;
    private Held waiting = () -> {};
    private long joined;
    private long tried;

    Blockade(WaitGraph graph, ProcArray.Entry entry, Blockers blockers, long session) {
        this.graph = graph;
        this.entry = entry;
        this.blockers = blockers;
        this.session = session;
    }

    /** The statement was refused. */
    void by(boolean key) {
        tried = System.nanoTime();
        if (joined == 0 || key != (watch != null)) {
            leave();
            if (key) {
                watch = blockers.watch(session);
                tried -= LONGEST; // those that are suspect have yet to be found
            }
            join();
        }
    }

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

    /** Waits so long at most; whether the statement is to be run now. */
    boolean mayBeOver(long millis) {
        if (watch == null) {
            return true;
        }
        if (System.nanoTime() - tried < LONGEST && !changes(millis)) {
            return false;
        }
        watch.look();
        return true;
    }

    private boolean changes(long millis) {
        try {
            return watch.await(millis);
        } catch (InterruptedException e) {
            // As the engine's own waits take it: the caller looks at what is pending, and the flag stays for who set it.
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void leave() {
        waiting.close();
        if (watch != null) {
            watch.close();
            watch = null;
        }
    }

    @Override
    public void close() { leave(); }
}
