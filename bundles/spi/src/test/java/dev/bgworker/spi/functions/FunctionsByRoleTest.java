package dev.bgworker.spi.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.Proc;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.control.Server.ActivityRow;
import dev.bgworker.api.control.Server.LibraryRow;
import dev.bgworker.api.control.Server.ShmemRow;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.host.HostSettings;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.process.Activity;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What functions and views give a plain role, in an engine, on a host that notes what it is told. */
class FunctionsByRoleTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final List<String> told = new ArrayList<>();
    private final List<WorkerDetails> workers = new ArrayList<>();
    private final FunctionHost host = new FunctionHost(
            fake(BackgroundWorkers.class, Map.of("signal", args -> told.add(args[1] + " " + args[0]), "terminate",
                    args -> told.add("TERM " + args[0]), "list", args -> handles(), "register",
                    args -> registered(args[0]))),
            fake(Server.class, Map.of("activity", args -> List.of(row(1, "clerk"), row(2, "other"), row(3, "postgres"),
                    row(4, null)), "workers", args -> workers, "reload", args -> told.add("reload"), "libraries",
                    args -> List.of(new LibraryRow("lib", "1.0.0", "/deploy/lib.jar", "CURRENT", "")),
                    "shmem", args -> List.of(new ShmemRow("spare", null, 1024, "of 2048 bytes")))),
            fake(HostSettings.class, Map.of("all", args -> Map.of("durability", "durable"))), "postgres"::equals, List::of,
            fake(SharedCatalogs.class, Map.of("databases", args -> List.of(), "roles", args -> List.of())));
    private Connection connection;
    /** With what a launched worker fails at once; null for one that runs. */
    private ErrorData failing;

    private static <T> T fake(Class<T> type, Map<String, Function<Object[], Object>> methods) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (proxy, method, args) -> {
            Object value = methods.get(method.getName()).apply(args);
            return method.getReturnType() == void.class ? null : value;
        }));
    }

    private static ActivityRow row(long pid, String role) {
        return new ActivityRow(pid, "type", "name", "lib", "postgres", role, "app",
                Activity.State.IDLE_IN_TRANSACTION_ABORTED,
                "SELECT 1", NOW, NOW, NOW, NOW, null, null);
    }

    private static WorkerDetails worker(long pid, String role) {
        return new WorkerDetails(BackgroundWorker.builder("of " + role, "lib", "f").role(role).build(), 0, 1,
                BackgroundWorkerHandle.Status.STARTED, WorkerDetails.State.RUNNING, "why", pid, true, -1, Optional.empty(),
                0,
                Optional.empty(), "host");
    }

    private List<BackgroundWorkerHandle> handles() {
        return workers.stream().map(worker -> fake(BackgroundWorkerHandle.class,
                Map.of("details", args -> worker, "terminate", args -> told.add("terminate " + worker.pid())))).toList();
    }

    private BackgroundWorkerHandle registered(Object definition) {
        told.add("as " + ((BackgroundWorker) definition).role());
        return fake(BackgroundWorkerHandle.class, Map.of("details", args -> launched(), "awaitStartup", args -> launched()));
    }

    private WorkerDetails launched() {
        return failing == null
                ? worker(9, "")
                : new WorkerDetails(BackgroundWorker.builder("fails", "lib", "f").build(), 0, 1,
                        BackgroundWorkerHandle.Status.STOPPED, WorkerDetails.State.BACKOFF, "it failed", 0, false, 1,
                        Optional.of(failing), 1, Optional.of(NOW), "host");
    }

    @BeforeEach
    void open() throws SQLException {
        connection = DriverManager.getConnection("jdbc:h2:mem:;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE", "ADMIN", "");
        BgwSchema.make(connection);
        workers.add(worker(1, "clerk"));
        workers.add(worker(2, ""));
    }

    @AfterEach
    void close() throws SQLException { connection.close(); }

    private record Caller(String role, FunctionHost host) implements FunctionCaller {

        @Override
        public ProcArray.Entry entry() {
            return fake(ProcArray.Entry.class, Map.of("errfinish", args -> args[0], "proc",
                    args -> fake(Proc.class, Map.of("pid", none -> 1L))));
        }

        @Override
        public boolean superuser() { return host.superusers().test(role); }

        @Override
        public void asyncNotify(String channel, String payload) { throw new UnsupportedOperationException(); }

        @Override
        public void acted() {}
    }

    private List<String> rows(String as, String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Held held = CurrentCaller.enter(new Caller(as, host));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.append(i == 1 ? "" : "|").append(rows.getString(i));
                }
                found.add(row.toString());
            }
        }
        return found;
    }

    private void assertDenied(String sql) {
        SQLException wrapped = catchThrowableOfType(SQLException.class, () -> rows("clerk", sql));
        assertThat((Throwable) wrapped).as(sql).isNotNull();
        assertThat(wrapped.getCause()).isInstanceOfSatisfying(ErrorException.class,
                denied -> assertThat(denied.data().sqlState()).isEqualTo("42501"));
        assertThat(told).isEmpty();
    }

    @Test
    @Tag("R226")
    void ofOthersARoleSeesDatabasePidUserAndApplicationName() throws SQLException {
        String query = "SELECT pid, datname, usename, application_name, state, query, backend_type, backend_start IS NULL"
                + " FROM bgw.pg_stat_activity ORDER BY pid";

        assertThat(rows("clerk", query)).containsExactly(
                "1|postgres|clerk|app|idle in transaction (aborted)|SELECT 1|type|FALSE",
                "2|postgres|other|app|null|<insufficient privilege>|null|TRUE",
                "3|postgres|postgres|app|null|<insufficient privilege>|null|TRUE",
                "4|postgres|null|app|null|<insufficient privilege>|null|TRUE");
        assertThat(rows("postgres", query)).noneMatch(row -> row.contains("insufficient"));
    }

    @Test
    void sharedMemoryIsShownToSuperusers() throws SQLException {
        String query = "SELECT kind, name, size, detail FROM bgw.pg_shmem_allocations";

        assertThat(rows("postgres", query)).containsExactly("spare|null|1024|of 2048 bytes");
        assertDenied(query);
    }

    @Test
    void ofOthersWorkersAndOfFilesARoleSeesLess() throws SQLException {
        String query = "SELECT bgw_name, state, reason, owner FROM bgw.workers ORDER BY pid";

        assertThat(rows("clerk", query)).containsExactly("of clerk|RUNNING|why|host", "of |RUNNING|null|null");
        assertThat(rows("postgres", query)).containsExactly("of clerk|RUNNING|why|host", "of |RUNNING|why|host");
        assertThat(rows("clerk", "SELECT name, file FROM bgw.libraries")).containsExactly("lib|null");
        assertThat(rows("postgres", "SELECT name, file FROM bgw.libraries")).containsExactly("lib|/deploy/lib.jar");
        assertThat(rows("clerk", "SELECT * FROM bgw.pg_settings")).containsExactly("durability|durable");
    }

    @Test
    @Tag("R102")
    @Tag("R118a")
    void aRoleSignalsItsOwnProcessesAlone() throws SQLException {
        for (int pid : new int[]{2, 3, 4}) {
            assertDenied("SELECT bgw.cancel(" + pid + ")");
            assertDenied("SELECT bgw.terminate(" + pid + ")");
            assertDenied("SELECT bgw.terminate(" + pid + ", 100)");
        }
        assertDenied("SELECT bgw.reload()");
        assertDenied("SELECT bgw.terminate_worker('of ')");
        assertDenied("SELECT bgw.terminate_worker(2)");
        assertThat(rows("clerk", "SELECT bgw.cancel(99), bgw.terminate(99)")).containsExactly("FALSE|FALSE");

        rows("clerk", "SELECT bgw.cancel(1), bgw.terminate(1), bgw.terminate_worker('of clerk')");
        rows("postgres", "SELECT bgw.cancel(4), bgw.terminate(3), bgw.terminate_worker(2), bgw.reload()");

        assertThat(told).containsExactly("INT 1", "TERM 1", "terminate 1", "INT 4", "TERM 3", "terminate 2", "reload");
    }

    @Test
    @Tag("R102")
    void whatARoleLaunchesRunsAsThatRole() throws SQLException {
        assertDenied("SELECT bgw.launch('lib', 'f', 'bgw_role', 'postgres')");

        assertThat(rows("clerk", "SELECT bgw.launch('lib', 'f')")).containsExactly("9");
        rows("postgres", "SELECT bgw.launch('lib', 'f')");
        rows("postgres", "SELECT bgw.launch('lib', 'f', 'bgw_role', 'clerk')");

        assertThat(told).containsExactly("as clerk", "as ", "as clerk");
    }

    @Test
    void aWorkerThatFailsAtOnceFailsTheLaunch() {
        failing = ErrorData.errcode("55000", "no table");

        SQLException wrapped = catchThrowableOfType(SQLException.class,
                () -> rows("postgres", "SELECT bgw.launch('lib', 'f')"));

        assertThat(wrapped.getCause()).isInstanceOfSatisfying(ErrorException.class, failed -> {
            assertThat(failed.data().message()).isEqualTo("could not start background worker \"fails\"");
            assertThat(failed.data().detail()).contains("BACKOFF", "no table");
        });
    }
}
