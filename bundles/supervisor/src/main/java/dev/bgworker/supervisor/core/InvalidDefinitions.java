package dev.bgworker.supervisor.core;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.ErrorData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Static definitions that were refused: no slot, no handle, but visible with their reason until their source changes. */
final class InvalidDefinitions {

    private final Map<String, List<WorkerDetails>> bySource = new LinkedHashMap<>();

    /** How many that source has now. */
    int add(String source, BackgroundWorker definition, ErrorData why) {
        String reason = why.hint().isEmpty() ? why.message() : why.message() + " (" + why.hint() + ")";
        List<WorkerDetails> all = bySource.computeIfAbsent(source, key -> new ArrayList<>());
        all.add(new WorkerDetails(definition, -1, 0, Status.STOPPED, WorkerDetails.State.INVALID, reason, 0, false, -1,
                Optional.of(why), 0, Optional.empty(), source));
        return all.size();
    }

    /** True when there were any. */
    boolean clear(String source) { return bySource.remove(source) != null; }

    List<WorkerDetails> all() { return bySource.values().stream().flatMap(List::stream).toList(); }
}
