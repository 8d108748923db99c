package dev.bgworker.supervisor.process;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.api.process.Held;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Who waits for whom. A wait that lasts {@code deadlock_timeout} has the graph searched once, from itself; who found the
 * cycle is the one that resolves it, as in PostgreSQL. Thread-safe.
 */
final class Waits implements WaitGraph {

    // Behind a path that no longer held may be one that does, and nobody else need search for it.
    private static final int LOOKS = 16;

    private final Map<Long, Wait> byPid = new ConcurrentHashMap<>();
    private final Machine machine;
    private volatile Duration deadlockTimeout;

    /**
     * One wait under way.
     *
     * @param forOne whether one of those it is on ends it, and not all of them together
     */
    record Wait(long pid, String what, Supplier<Set<Long>> on, boolean forOne) {}

    Waits(Machine machine, Duration deadlockTimeout) {
        this.machine = machine;
        this.deadlockTimeout = deadlockTimeout;
    }

    void deadlockTimeout(Duration timeout) { deadlockTimeout = timeout; }

    @Override
    public Held waiting(ProcArray.Entry entry, String waitEventType, String waitEvent, String what,
            Supplier<Set<Long>> on) {
        return join((BgProc) entry, waitEventType, waitEvent, new Wait(entry.proc().pid(), what, on, false));
    }

    @Override
    public Held waitingForOne(ProcArray.Entry entry, String waitEventType, String waitEvent, Supplier<Set<Long>> on) {
        return join((BgProc) entry, waitEventType, waitEvent, new Wait(entry.proc().pid(), waitEvent, on, true));
    }

    private Held join(BgProc proc, String waitEventType, String waitEvent, Wait wait) {
        byPid.put(wait.pid(), wait);
        proc.row().waiting(waitEventType, waitEvent);
        Held search = machine.after(deadlockTimeout, () -> search(proc, wait));
        return new Once(() -> {
            search.close();
            byPid.remove(wait.pid(), wait);
            proc.interrupts().noDeadlock();
            proc.row().waiting(null, null);
        });
    }

    @Override
    public List<Long> blockers(long pid) {
        Wait wait = byPid.get(pid);
        return wait == null ? List.of() : List.copyOf(wait.on().get());
    }

    private void search(BgProc proc, Wait from) {
        for (int look = 0; look < LOOKS && lasts(from); look++) {
            Deadlock found = Deadlock.around(from, byPid::get);
            Optional<String> cycle = found.inWords();
            if (cycle.isEmpty()) {
                return;
            } else if (found.holds(this::lasts)) {
                resolve(proc, from, cycle.get());
                return;
            }
        }
    }

    private boolean lasts(Wait wait) { return byPid.get(wait.pid()) == wait; }

    /**
     * Takes it out of the graph and tells it, in one step: out of the graph, so that the search of another member finds no
     * cycle any more; in one step, so that one whose wait has just ended is not told.
     */
    private void resolve(BgProc proc, Wait from, String detail) {
        byPid.computeIfPresent(from.pid(), (pid, wait) -> {
            if (wait != from) {
                return wait;
            }
            proc.interrupts().deadlock(detail);
            return null;
        });
    }
}
