package dev.bgworker.supervisor.process;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.api.process.Held;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

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

    private record Wait(BgProc proc, String what, Supplier<Set<Long>> on) {

        boolean isOn(long pid) { return on.get().contains(pid); }
    }

    /** One step of a cycle: who waits, and for whom. */
    private record Edge(Wait from, long on) {

        String inWords() {
            return "Process " + from.proc().pid() + " waits for " + from.what() + "; blocked by process " + on + ".";
        }
    }

    Waits(Machine machine, Duration deadlockTimeout) {
        this.machine = machine;
        this.deadlockTimeout = deadlockTimeout;
    }

    void deadlockTimeout(Duration timeout) { deadlockTimeout = timeout; }

    @Override
    public Held waiting(ProcArray.Entry entry, String waitEventType, String waitEvent, String what,
            Supplier<Set<Long>> on) {
        BgProc proc = (BgProc) entry;
        Wait wait = new Wait(proc, what, on);
        byPid.put(proc.pid(), wait);
        proc.row().waiting(waitEventType, waitEvent);
        Held search = machine.after(deadlockTimeout, () -> search(wait));
        return new Once(() -> {
            search.close();
            byPid.remove(proc.pid(), wait);
            proc.interrupts().noDeadlock();
            proc.row().waiting(null, null);
        });
    }

    @Override
    public List<Long> blockers(long pid) {
        Wait wait = byPid.get(pid);
        return wait == null ? List.of() : List.copyOf(wait.on().get());
    }

    private void search(Wait from) {
        for (int look = 0; look < LOOKS && lasts(from); look++) {
            Deque<Edge> path = new ArrayDeque<>();
            if (!reaches(from.proc().pid(), from.proc().pid(), path, new HashSet<>())) {
                return;
            } else if (path.stream().allMatch(this::holds)) {
                resolve(from, path.stream().map(Edge::inWords).collect(Collectors.joining("\n")));
                return;
            }
        }
    }

    private boolean lasts(Wait wait) { return byPid.get(wait.proc().pid()) == wait; }

    /**
     * The edges were seen one after the other, so they need never have been there together. If all are still there, they were:
     * whoever waits all the time gives nothing back meanwhile.
     */
    private boolean holds(Edge edge) { return lasts(edge.from()) && edge.from().isOn(edge.on()); }

    /**
     * Takes it out of the graph and tells it, in one step: out of the graph, so that the search of another member finds no
     * cycle any more; in one step, so that one whose wait has just ended is not told.
     */
    private void resolve(Wait from, String detail) {
        byPid.computeIfPresent(from.proc().pid(), (pid, wait) -> {
            if (wait != from) {
                return wait;
            }
            from.proc().interrupts().deadlock(detail);
            return null;
        });
    }

    /** Depth first, whether a wait of this pid leads to the target; the path is left in order. */
    private boolean reaches(long pid, long target, Deque<Edge> path, Set<Long> seen) {
        Wait wait = byPid.get(pid);
        if (wait == null) {
            return false;
        }
        for (long next : wait.on().get()) {
            path.addLast(new Edge(wait, next));
            if (next == target || seen.add(next) && reaches(next, target, path, seen)) {
                return true;
            }
            path.removeLast();
        }
        return false;
    }
}
