package dev.bgworker.testing;

import dev.bgworker.api.host.ProcArray;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What workers have called of the host, by their names: over all runs of each. Thread-safe. */
final class CallRecords {

    private final Map<String, Calls> byName = new ConcurrentHashMap<>();
    /** Set once, before any worker starts: the host needs the functions, and these the host. */
    private volatile ProcArray procs;

    void bind(ProcArray toProcs) { procs = toProcs; }

    Calls of(String worker) { return byName.computeIfAbsent(worker, name -> new Calls(() -> procs)); }
}
