package dev.bgworker.spi.functions;

import dev.bgworker.api.control.Server.ActivityRow;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.Activity;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * What the views of schema {@code bgw} select from, called by the engine with a connection of its own, as {@link SqlFunctions}
 * are. Rows that a role has no business with show who they are and no more.
 */
public final class SqlViews {

    private static final Relation ACTIVITY = Relation.of("datname VARCHAR", "pid BIGINT", "usename VARCHAR",
            "application_name VARCHAR", "backend_start TIMESTAMP WITH TIME ZONE", "xact_start TIMESTAMP WITH TIME ZONE",
            "query_start TIMESTAMP WITH TIME ZONE", "state_change TIMESTAMP WITH TIME ZONE", "wait_event_type VARCHAR",
            "wait_event VARCHAR", "state VARCHAR", "query VARCHAR", "backend_type VARCHAR", "bgw_name VARCHAR",
            "bgw_library_name VARCHAR");
    private static final Relation WORKERS = Relation.of("slot INTEGER", "pid BIGINT", "bgw_name VARCHAR",
            "bgw_library_name VARCHAR", "bgw_function_name VARCHAR", "bgw_role VARCHAR", "state VARCHAR", "bgw_type VARCHAR",
            "ready BOOLEAN", "restarts BIGINT", "last_exit INTEGER", "next_start TIMESTAMP WITH TIME ZONE",
            "reason VARCHAR", "owner VARCHAR");
    private static final Relation SETTINGS = Relation.of("name VARCHAR", "setting VARCHAR");
    private static final Relation LIBRARIES = Relation.of("name VARCHAR", "version VARCHAR", "state VARCHAR",
            "file VARCHAR", "reason VARCHAR");
    private static final Relation LOCKS = Relation.of("locktype VARCHAR", "name VARCHAR", "mode VARCHAR", "pid BIGINT",
            "granted BOOLEAN", "waitstart TIMESTAMP WITH TIME ZONE");

    private static final Relation WAIT_EVENTS = Relation.of("type VARCHAR", "name VARCHAR", "description VARCHAR");
    private static final Relation SHMEM = Relation.of("kind VARCHAR", "name VARCHAR", "size BIGINT", "detail VARCHAR");
    private static final Relation DATABASES = Relation.of("datname VARCHAR", "numbackends INTEGER", "xact_commit BIGINT",
            "xact_rollback BIGINT", "tup_returned BIGINT", "tup_changed BIGINT");
    private static final Relation CATALOG_DATABASES = Relation.of("oid BIGINT", "datname VARCHAR", "datdba BIGINT",
            "datallowconn BOOLEAN", "datvalid BOOLEAN");
    private static final Relation ROLES = Relation.of("oid BIGINT", "rolname VARCHAR", "rolcanlogin BOOLEAN",
            "rolsuper BOOLEAN");

    /** Of all views; a change of them is a change of the schema. */
    static final List<Relation> ALL = List.of(ACTIVITY, WORKERS, SETTINGS, LIBRARIES, LOCKS, WAIT_EVENTS, SHMEM,
            DATABASES, CATALOG_DATABASES, ROLES);

    private SqlViews() {}

    /** {@code pg_stat_activity}. */
    public static ResultSet activity(Connection connection) throws SQLException {
        return rows(ACTIVITY, connection,
                (host, caller) -> host.server().activity().stream().map(row -> caller.sees(row.role())
                        ? activity(row)
                        : new Object[]{row.database(), row.pid(), row.role(), row.applicationName(), null, null, null, null,
                                null,
                                null, null, "<insufficient privilege>", null, null, null})
                        .toList());
    }

    private static Object[] activity(ActivityRow row) {
        return new Object[]{row.database(), row.pid(), row.role(), row.applicationName(), row.backendStart(),
                row.xactStart(), row.queryStart(), row.stateChange(), row.waitEventType(), row.waitEvent(),
                word(row.state()), row.query(), row.backendType(), row.name(), row.library()};
    }

    private static String word(Activity.State state) {
        if (state == null) {
            return null;
        }
        return state == Activity.State.IDLE_IN_TRANSACTION_ABORTED
                ? "idle in transaction (aborted)"
                : state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** What {@code bgw:list} shows. */
    public static ResultSet workers(Connection connection) throws SQLException {
        return rows(WORKERS, connection, (host, caller) -> host.server().workers().stream()
                .map(worker -> worker(worker, caller.sees(Workers.roleOf(worker)))).toList());
    }

    private static Object[] worker(WorkerDetails worker, boolean all) {
        Object[] row = new Object[WORKERS.columns().size()];
        row[0] = worker.slot() < 0 ? null : worker.slot();
        row[1] = worker.pid() == 0 ? null : worker.pid();
        row[2] = worker.definition().name();
        row[3] = worker.definition().libraryName();
        row[4] = worker.definition().functionName();
        row[5] = Workers.roleOf(worker);
        row[6] = worker.state().name();
        if (all) {
            String type = worker.definition().type();
            row[7] = type.isEmpty() ? worker.definition().name() : type;
            row[8] = worker.ready();
            row[9] = worker.restarts();
            row[10] = worker.exitStatus() < 0 ? null : worker.exitStatus();
            row[11] = worker.nextStart().orElse(null);
            row[12] = worker.reason();
            row[13] = worker.owner();
        }
        return row;
    }

    /** {@code pg_stat_database}; changed rows are counted together. */
    public static ResultSet databases(Connection connection) throws SQLException {
        return rows(DATABASES, connection, (host, caller) -> {
            List<ActivityRow> connected = host.server().activity();
            return host.databases().get().stream()
                    .map(each -> new Object[]{each.datname(),
                            (int) connected.stream().filter(row -> each.datname().equals(row.database())).count(),
                            each.xactCommit(), each.xactRollback(), each.tupReturned(), each.tupChanged()})
                    .toList();
        });
    }

    /** {@code pg_database}. */
    public static ResultSet catalogDatabases(Connection connection) throws SQLException {
        return rows(CATALOG_DATABASES, connection, (host, caller) -> host.catalogs().databases().stream()
                .map(each -> new Object[]{each.oid(), each.datname(), each.datdba(), each.datallowconn(), each.datvalid()})
                .toList());
    }

    /** {@code pg_roles}. */
    public static ResultSet roles(Connection connection) throws SQLException {
        return rows(ROLES, connection, (host, caller) -> host.catalogs().roles().stream()
                .map(each -> new Object[]{each.oid(), each.rolname(), each.rolcanlogin(), each.rolsuper()}).toList());
    }

    /** {@code pg_settings}. */
    public static ResultSet settings(Connection connection) throws SQLException {
        return rows(SETTINGS, connection, (host, caller) -> new TreeMap<>(host.settings().all()).entrySet().stream()
                .map(each -> new Object[]{each.getKey(), each.getValue()}).toList());
    }

    /** What {@code bgw:libs} shows; where files lie is a superuser's affair. */
    public static ResultSet libraries(Connection connection) throws SQLException {
        return rows(LIBRARIES, connection, (host, caller) -> host.server().libraries().stream()
                .map(each -> new Object[]{each.name(), each.version(), each.state(),
                        caller.superuser() ? each.file() : null, caller.superuser() ? each.reason() : null})
                .toList());
    }

    /** {@code pg_locks}, without those of rows. */
    public static ResultSet locks(Connection connection) throws SQLException {
        return rows(LOCKS, connection, (host, caller) -> host.server().locks().stream()
                .map(each -> new Object[]{each.lockType(), each.name(), each.modeInWords(),
                        each.pid(), each.granted(), each.waitStart()})
                .toList());
    }

    /** {@code pg_wait_events}. */
    public static ResultSet waitEvents(Connection connection) throws SQLException {
        return rows(WAIT_EVENTS, connection, (host, caller) -> host.server().waitEvents().stream()
                .map(each -> new Object[]{each.type(), each.name(), each.description()}).toList());
    }

    /** What {@code bgw:shmem} shows; a superuser's affair, as in PostgreSQL. */
    public static ResultSet shmem(Connection connection) throws SQLException {
        return rows(SHMEM, connection, (host, caller) -> {
            caller.checkSuperuser("read pg_shmem_allocations");
            return host.server().shmem().stream()
                    .map(each -> new Object[]{each.kind(), each.name(), each.size(), each.detail()}).toList();
        });
    }

    private static ResultSet rows(Relation relation, Connection connection,
            BiFunction<FunctionHost, Privileges, List<Object[]>> rows) throws SQLException {
        return relation.rows(connection, () -> {
            FunctionCaller caller = CurrentCaller.get();
            return rows.apply(caller.host(), Privileges.of(caller));
        });
    }
}
