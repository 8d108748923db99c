package dev.bgworker.supervisor.core.sim;

import dev.bgworker.api.control.WorkerEvent.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the contract says must come of one step: who is told what, and who is told to go. */
final class Outcome {

    /** By TERM or QUIT. */
    record Signal(long pid, boolean quit, Duration deadline) {}

    private final Map<Long, List<Kind>> told = new TreeMap<>();
    private final List<Signal> signals = new ArrayList<>();

    void tell(Expected worker, Kind kind) { told.computeIfAbsent(worker.id, id -> new ArrayList<>()).add(kind); }

    void signal(Expected worker, boolean quit, Duration deadline) { signals.add(new Signal(worker.pid, quit, deadline)); }

    Map<Long, List<Kind>> told() { return told; }

    List<Signal> signals() { return signals; }

    void clear() {
        told.clear();
        signals.clear();
    }
}
