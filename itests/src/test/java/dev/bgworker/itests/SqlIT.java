package dev.bgworker.itests;

import static dev.bgworker.itests.Host.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.itests.workers.Idle;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.inject.Inject;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;

/** The SQL side as an operator has it: {@code bgw:sql} over the functions and views of schema {@code bgw}. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class SqlIT {

    @Inject
    private BundleContext context;
    private Host host;

    @Configuration
    public static Option[] host() { return new Option[]{Provisioned.host(SqlIT.class)}; }

    @Before
    public void dropLibrary() {
        host = new Host(context);
        if (host.file("simple.jar").isEmpty()) {
            host.drop(TestBundle.of("simple", "1.0.0").function("idle", Idle.class), "simple.jar");
        }
        host.awaitFile("simple.jar", "CURRENT");
    }

    private String sql(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CommandProcessor gogo = Host.service(CommandProcessor.class, context);
        try (CommandSession session = gogo.createSession(InputStream.nullInputStream(), out, out)) {
            patiently().until(() -> session.get("bgw:sql") != null);
            ((Function) session.get("bgw:sql")).execute(session, List.of((Object[]) words));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return out.toString(StandardCharsets.UTF_8).strip();
    }

    @Test
    public void statementsAreTransactionsOfTheirOwn() {
        assertThat(sql("CREATE TABLE counted (a INT, b VARCHAR); INSERT INTO counted VALUES (1, 'x'), (2, NULL)"))
                .isEqualTo("CREATE TABLE\nINSERT 0 2");
        Throwable failed = catchThrowable(() -> sql("INSERT INTO counted VALUES (3, ''); SELECT * FROM missing; SELECT 1"));

        assertThat(failed.getMessage()).startsWith("ERROR:  42P01: ");
        assertThat(sql("SELECT * FROM counted ORDER BY a")).isEqualTo("a  b\n1  x\n2  NULL\n3  \n(3 rows)");
        assertThat(sql("--json", "SELECT a, b FROM counted WHERE a < 3 ORDER BY a"))
                .isEqualTo("[{\"a\": 1, \"b\": \"x\"},\n {\"a\": 2, \"b\": null}]");
        assertThat(sql("DROP TABLE counted")).isEqualTo("DROP TABLE");
    }

    @Test
    @Proves({"R14", "R118a"})
    public void aWorkerIsLaunchedSignalledAndTerminatedBySql() {
        long pid = Long
                .parseLong(sql("SELECT bgw.launch('simple', 'idle', 'bgw_name', 'by SQL', 'bgw_restart_time', 0) AS pid")
                        .lines().skip(1).findFirst().orElseThrow());
        host.awaitReady("by SQL");

        assertThat(host.worker("by SQL").orElseThrow().owner()).isEqualTo("host");
        assertThat(sql("SELECT bgw_name, state FROM bgw.workers WHERE pid = " + pid))
                .isEqualTo("bgw_name  state\nby SQL    RUNNING\n(1 row)");
        assertThat(sql("SELECT bgw_library_name FROM pg_stat_activity WHERE pid = " + pid)).contains("simple");
        assertThat(sql("SELECT pg_terminate_backend(" + pid + ", 20000) AS gone")).contains("t\n(1 row)");
        host.awaitReadyAfter("by SQL", pid);
        assertThat(sql("SELECT bgw.terminate_worker('by SQL') AS told")).contains("t\n(1 row)");
        host.awaitGone("by SQL");
    }

    @Test
    public void aLaunchThatHasToWaitAnswersNull() {
        assertThat(sql("SELECT bgw.launch('simple', 'idle', 'bgw_name', 'waits', 'bgw_start_time', 'consistent_state',"
                + " 'bgw_runs_in', 'consistent') AS pid")).isEqualTo("pid\nNULL\n(1 row)");

        assertThat(host.worker("waits").orElseThrow().state()).isEqualTo(State.WAITING);
        sql("SELECT bgw.terminate_worker('waits')");
        host.awaitGone("waits");
    }

    private void assertDenied(String sql) {
        assertThat(catchThrowable(() -> sql("--role", "clerk", sql))).as(sql).hasMessageStartingWith("ERROR:  42501: ");
    }

    @Test
    @Proves({"R102", "R118a", "R226"})
    public void aPlainRoleDoesToItsOwnWhatASuperuserDoesToAll() {
        assertThat(sql("CREATE ROLE clerk LOGIN")).isEqualTo("CREATE ROLE");
        sql("SELECT bgw.launch('simple', 'idle', 'bgw_name', 'of the superuser')");
        sql("--role", "clerk", "SELECT bgw.launch('simple', 'idle', 'bgw_name', 'of the clerk')");
        long pid = host.awaitReady("of the superuser").pid();
        host.awaitReady("of the clerk");

        assertThat(host.worker("of the clerk").orElseThrow().definition().role()).isEqualTo("clerk");
        assertDenied("SELECT pg_cancel_backend(" + pid + ")");
        assertDenied("SELECT pg_terminate_backend(" + pid + ")");
        assertDenied("SELECT bgw.terminate_worker('of the superuser')");
        assertDenied("SELECT bgw.launch('simple', 'idle', 'bgw_role', 'postgres')");
        assertDenied("SELECT pg_reload_conf()");
        assertDenied("DROP SCHEMA bgw");
        assertThat(sql("--role", "clerk", "SELECT query, backend_type FROM pg_stat_activity WHERE pid = " + pid))
                .contains("<insufficient privilege>  NULL");
        assertThat(host.worker("of the superuser").orElseThrow().pid()).isEqualTo(pid);

        assertThat(sql("--role", "clerk", "SELECT bgw.terminate_worker('of the clerk') AS told")).contains("t\n");
        host.awaitGone("of the clerk");
        assertThat(sql("SELECT bgw.terminate_worker(" + pid + ") AS told")).contains("t\n");
        host.awaitGone("of the superuser");
    }

    @Test
    public void viewsShowWhatTheHostKnows() {
        assertThat(sql("SELECT name, version, state FROM bgw.libraries WHERE name = 'simple'")).contains("1.0.0");
        assertThat(sql("SELECT setting FROM pg_settings WHERE name = 'durability'")).contains("durable");
        assertThat(sql("SELECT application_name, datname FROM pg_stat_activity WHERE pid = pg_backend_pid()"))
                .contains("bgw:sql").contains("postgres");
        assertThat(sql("SELECT pg_reload_conf() AS reloaded")).contains("t\n");
    }
}
