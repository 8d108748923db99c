package dev.bgworker.shell;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server.ActivityRow;
import dev.bgworker.api.control.WorkerDetails;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What {@code bgw:show} tells of a worker: the definition under its {@code bgw_} names, its state, its activity. Pure. */
final class WorkerSheet {

    private WorkerSheet() {}

    static Sheet of(WorkerDetails worker, List<ActivityRow> activity) {
        Map<String, Object> fields = new LinkedHashMap<>();
        definition(fields, worker);
        state(fields, worker);
        activity.stream().filter(row -> worker.pid() != 0 && row.pid() == worker.pid()).findFirst()
                .ifPresent(row -> activity(fields, row));
        return new Sheet(fields);
    }

    private static void definition(Map<String, Object> fields, WorkerDetails worker) {
        BackgroundWorker definition = worker.definition();
        fields.put("bgw_name", definition.name());
        fields.put("bgw_type", Views.type(worker));
        fields.put("bgw_flags", definition.flags().stream().sorted().map(WorkerSheet::lower).toList());
        fields.put("bgw_start_time", lower(definition.startTime()));
        fields.put("bgw_restart_time", restartTime(definition.restart()));
        fields.put("bgw_library_name", definition.libraryName());
        fields.put("bgw_function_name", definition.functionName());
        fields.put("bgw_main_arg", definition.mainArg());
        fields.put("bgw_extra", new TreeMap<>(definition.extra()));
        fields.put("bgw_notify_pid", definition.notifyPid());
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

    private static Object restartTime(RestartPolicy restart) {
        return restart.never() ? "never" : restart.delay().toSeconds();
    }

    private static String lower(Enum<?> constant) { return constant.name().toLowerCase(Locale.ROOT); }
}
