package dev.bgworker.spi;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.api.process.Held;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** A graph that only notes the waits under way. */
final class TestWaits implements WaitGraph {

    record Wait(long pid, String type, String event, Supplier<Set<Long>> on) {}

    final List<Wait> waits = new CopyOnWriteArrayList<>();

    @Override
    public Held waiting(ProcArray.Entry proc, String type, String event, String what, Supplier<Set<Long>> on) {
        Wait wait = new Wait(proc.proc().pid(), type, event, on);
        waits.add(wait);
        synchronized (this) {
            notifyAll();
        }
        return () -> waits.remove(wait);
    }

    @Override
    public Held waitingForOne(ProcArray.Entry proc, String type, String event, Supplier<Set<Long>> on) {
        return waiting(proc, type, event, event, on);
    }

    synchronized Wait await() throws InterruptedException {
        while (waits.isEmpty()) {
            wait();
        }
        return waits.get(0);
    }

    @Override
    public List<Long> blockers(long pid) { return List.of(); }
}
