package dev.bgworker.supervisor;

import dev.bgworker.api.control.Server;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WorkerResource;
import dev.bgworker.api.process.Scope;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongConsumer;

/** Stands in for shared memory: writes down each rebuild, and holds an LWLock for whom the test says. */
final class StandInMemory implements WorkerResource<Void, StandInMemory> {

    final List<Long> epochs = new CopyOnWriteArrayList<>();
    final Set<Long> lockHolders = ConcurrentHashMap.newKeySet();
    /** Whom it was asked to take everything from. */
    final BlockingQueue<Long> fenced = new LinkedBlockingQueue<>();
    private final LongConsumer hook;

    /** @param hook the author's startup hook */
    StandInMemory(LongConsumer hook) { this.hook = hook; }

    @Override
    public Class<StandInMemory> type() { return StandInMemory.class; }

    @Override
    public StandInMemory attach(ProcArray.Entry proc, Void how) { return this; }

    @Override
    public void release(ProcArray.Entry proc, Phase phase, Scope scope, boolean commit) {
        if (phase == Phase.LWLOCKS) {
            lockHolders.remove(proc.proc().pid());
        }
    }

    @Override
    public void abort(ProcArray.Entry proc) {}

    @Override
    public boolean fence(ProcArray.Entry proc) {
        fenced.add(proc.proc().pid());
        return lockHolders.remove(proc.proc().pid());
    }

    @Override
    public void rebuild(long epoch) {
        epochs.add(epoch);
        hook.accept(epoch);
    }

    @Override
    public void enter(Server.State state) {}
}
