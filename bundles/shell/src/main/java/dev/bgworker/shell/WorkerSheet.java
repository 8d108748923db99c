package dev.bgworker.shell;

import dev.bgworker.api.control.DefinitionText;
import dev.bgworker.api.control.Server.ActivityRow;
import dev.bgworker.api.control.Server.LibraryRow;
import dev.bgworker.api.control.WorkerDetails;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code bgw:show} tells of a worker: the definition under its {@code bgw_} names, its state, its activity. Pure. */
final class WorkerSheet {

    private WorkerSheet() {}

    static Sheet of(WorkerDetails worker, List<ActivityRow> activity, List<LibraryRow> libraries) {
        Map<String, Object> fields = new LinkedHashMap<>(DefinitionText.print(worker.definition()));
        library(fields, libraries.stream().filter(row -> row.name().equals(worker.definition().libraryName())).toList());
        state(fields, worker);
        activity.stream().filter(row -> worker.pid() != 0 && row.pid() == worker.pid()).findFirst()
                .ifPresent(row -> activity(fields, row));
        return new Sheet(fields);
    }

    /** The current version is the one that runs, and what is installed beside it does not. */
    private static void library(Map<String, Object> fields, List<LibraryRow> versions) {
        List<LibraryRow> shadowed = versions.stream().filter(row -> row.state().equals("SHADOWED")).toList();
        versions.stream().filter(row -> !row.state().equals("SHADOWED")).findFirst().ifPresent(current -> {
            fields.put("library_version", current.version());
            fields.put("library_file", current.file());
            fields.put("library_state", current.state());
        });
        if (!shadowed.isEmpty()) {
            fields.put("library_shadowed", shadowed.stream().map(row -> row.version() + " in " + row.file()).toList());
        }
    }

    private static void state(Map<String, Object> fields, WorkerDetails worker) {
        fields.put("state", worker.state());
        fields.put("reason", worker.reason());
        fields.put("slot", Views.slot(worker));
        fields.put("generation", worker.generation());
        fields.put("pid", Views.pid(worker.pid()));
        fields.put("ready", worker.ready());
        fields.put("last_exit", Views.exitStatus(worker));
        fields.put("last_error", worker.lastError().orElse(null));
        fields.put("restarts", worker.restarts());
        fields.put("next_start", worker.nextStart().orElse(null));
        fields.put("owner", worker.owner());
    }

    private static void activity(Map<String, Object> fields, ActivityRow row) {
        fields.put("datname", row.database());
        fields.put("usename", row.role());
        fields.put("application_name", row.applicationName());
        fields.put("activity", Views.state(row.state()));
        fields.put("query", row.query());
        fields.put("backend_start", row.backendStart());
        fields.put("xact_start", row.xactStart());
        fields.put("query_start", row.queryStart());
        fields.put("state_change", row.stateChange());
        fields.put("wait_event_type", row.waitEventType());
        fields.put("wait_event", row.waitEvent());
    }
}
