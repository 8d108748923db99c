package dev.bgworker.shell;

import dev.bgworker.api.control.Server.ActivityRow;
import dev.bgworker.api.control.Server.LibraryRow;
import dev.bgworker.api.control.Server.LockRow;
import dev.bgworker.api.control.Server.ShmemRow;
import dev.bgworker.api.control.Server.WaitEventRow;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.Activity;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What the server knows, as tables. Pure. */
final class Views {

    private Views() {}

    static Table workers(List<WorkerDetails> workers) {
        return new Table(
                List.of("SLOT", "PID", "NAME", "TYPE", "LIBRARY", "STATE", "RESTARTS", "LAST-EXIT", "NEXT-START", "REASON"),
                workers.stream()
                        .map(one -> row(slot(one), pid(one.pid()), one.definition().name(), type(one),
                                one.definition().libraryName(),
                                one.state(), one.restarts(), exitStatus(one), one.nextStart().orElse(null), one.reason()))
                        .toList());
    }

    static Table libraries(List<LibraryRow> libraries) {
        return new Table(List.of("NAME", "VERSION", "STATE", "FILE", "REASON"),
                libraries.stream().map(one -> row(one.name(), one.version(), one.state(), one.file(), one.reason()))
                        .toList());
    }

    /** Under the column names of {@code pg_stat_activity}. */
    static Table activity(List<ActivityRow> rows) {
        return new Table(
                List.of("PID", "BACKEND_TYPE", "NAME", "LIBRARY", "DATNAME", "USENAME", "APPLICATION_NAME", "STATE",
                        "WAIT_EVENT_TYPE",
                        "WAIT_EVENT", "BACKEND_START", "XACT_START", "QUERY_START", "STATE_CHANGE", "QUERY"),
                rows.stream()
                        .map(one -> row(one.pid(), one.backendType(), one.name(), one.library(), one.database(), one.role(),
                                one.applicationName(), state(one.state()), one.waitEventType(), one.waitEvent(),
                                one.backendStart(), one.xactStart(), one.queryStart(), one.stateChange(), one.query()))
                        .toList());
    }

    /** Under the column names of {@code pg_locks}. */
    static Table locks(List<LockRow> rows) {
        return new Table(List.of("LOCKTYPE", "NAME", "MODE", "PID", "GRANTED", "WAITSTART"), rows.stream()
                .map(one -> row(one.lockType(), one.name(), one.modeInWords(), one.pid(), one.granted(), one.waitStart()))
                .toList());
    }

    /** Under the column names of {@code pg_wait_events}. */
    static Table waitEvents(List<WaitEventRow> rows) {
        return new Table(List.of("TYPE", "NAME", "DESCRIPTION"),
                rows.stream().map(one -> row(one.type(), one.name(), one.description())).toList());
    }

    /** {@code pg_shmem_allocations} and {@code pg_dsm_registry_allocations}. */
    static Table shmem(List<ShmemRow> rows) {
        return new Table(List.of("KIND", "NAME", "SIZE", "DETAIL"),
                rows.stream().map(one -> row(one.kind(), one.name(), one.size(), one.detail())).toList());
    }

    /** The word of {@code pg_stat_activity}. */
    static String state(Activity.State state) {
        if (state == null) {
            return null;
        }
        return state == Activity.State.IDLE_IN_TRANSACTION_ABORTED
                ? "idle in transaction (aborted)"
                : state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static String type(WorkerDetails worker) {
        String type = worker.definition().type();
        return type.isEmpty() ? worker.definition().name() : type;
    }

    static Integer slot(WorkerDetails worker) { return worker.slot() < 0 ? null : worker.slot(); }

    static Long pid(long pid) { return pid == 0 ? null : pid; }

    static Integer exitStatus(WorkerDetails worker) { return worker.exitStatus() < 0 ? null : worker.exitStatus(); }

    /** {@code List.of} takes no null. */
    private static List<Object> row(Object... cells) { return Arrays.asList(cells); }
}
