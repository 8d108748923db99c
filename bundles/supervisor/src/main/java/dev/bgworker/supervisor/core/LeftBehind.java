package dev.bgworker.supervisor.core;

import dev.bgworker.api.control.WorkerDetails;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** ABANDONED workers whose registration is gone, until their threads end: no slot, no handle, but visible. */
final class LeftBehind {

    private final Map<Long, Registration> byPid = new LinkedHashMap<>();

    void add(Registration worker) { byPid.put(worker.pid, worker); }

    /** True when it was one. */
    boolean ended(long pid) { return byPid.remove(pid) != null; }

    List<WorkerDetails> all() { return byPid.values().stream().map(Registration::leftBehind).toList(); }
}
