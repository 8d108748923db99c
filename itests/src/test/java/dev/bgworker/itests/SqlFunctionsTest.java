package dev.bgworker.itests;

import static dev.bgworker.itests.SpiHost.LONG;
import static dev.bgworker.itests.SpiHost.POSTGRES;
import static dev.bgworker.itests.SpiHost.execute;
import static dev.bgworker.itests.SpiHost.waitForEver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.bgworker.api.Backend;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Interrupts.Handler;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** The functions of schema {@code bgw} on the real supervisor: signals, launch, waits inside the engine. */
public class SqlFunctionsTest {

    @Rule
    public final TestedHost tested = new TestedHost();
    private SpiHost host;

    @Before
    public void start() {
        host = tested.host();
        host.createTables();
    }

    private <T> T value(Class<T> type, String sql, Object... args) { return value(host.session(), type, sql, args); }

    private static <T> T value(Session session, Class<T> type, String sql, Object... args) {
        try (Transaction tx = session.startTransaction(); Spi spi = tx.connect()) {
            T value = spi.execute(sql, false, 0, args).get(0, 1, type);
            spi.close();
            tx.commit();
            return value;
        }
    }

    private static void assertState(String sqlState, ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).isInstanceOf(Ereport.class);
        assertThat(((Ereport) thrown).data().sqlState()).as(thrown.toString()).isEqualTo(sqlState);
    }

    /** A backend that sleeps by SQL, and what ended that. */
    private CompletableFuture<Throwable> sleeper(CompletableFuture<Long> pid, String sql) {
        return CompletableFuture.supplyAsync(() -> {
            try (Backend backend = host.supervisor().openBackend("sleeper")) {
                Session session = backend.connect(POSTGRES);
                pid.complete(backend.pid());
                return catchThrowable(() -> value(session, String.class, sql));
            }
        });
    }

    private void awaitWaiting(long pid, String event) {
        Host.patiently().pollInSameThread().until(() -> value(Long.class,
                "SELECT count(*) FROM pg_stat_activity WHERE pid = ? AND wait_event = ?", pid, event) == 1);
    }

    @Test
    @Proves("R118a")
    public void cancelEndsASleepInsideTheEngineAsAnError() throws Exception {
        CompletableFuture<Long> pid = new CompletableFuture<>();
        CompletableFuture<Throwable> ended = sleeper(pid, "SELECT pg_sleep(3600)");
        awaitWaiting(pid.get(), "PgSleep");

        assertThat(value(Boolean.class, "SELECT pg_cancel_backend(?)", pid.get())).isTrue();

        assertThat(ended.get(20, TimeUnit.SECONDS)).isInstanceOf(ErrorException.class)
                .satisfies(thrown -> assertThat(((Ereport) thrown).data().sqlState()).isEqualTo("57014"));
    }

    @Test
    @Proves("R118a")
    public void terminateIsFatalToASleepInsideTheEngine() throws Exception {
        CompletableFuture<Long> pid = new CompletableFuture<>();
        CompletableFuture<Throwable> ended = sleeper(pid, "SELECT pg_sleep(3600)");
        awaitWaiting(pid.get(), "PgSleep");

        assertThat(value(Boolean.class, "SELECT pg_terminate_backend(?, 20000)", pid.get())).isTrue();

        assertThat(ended.get(20, TimeUnit.SECONDS)).isInstanceOf(FatalError.class)
                .satisfies(thrown -> assertThat(((Ereport) thrown).data().sqlState()).isEqualTo("57P01"));
        assertThat(value(Boolean.class, "SELECT pg_terminate_backend(?, 20000)", pid.get())).as("gone").isFalse();
    }

    @Test
    @Proves("R118a")
    public void terminateWithoutTimeoutIsTrueOnceSignalledAndFalseWhenTheTimeIsOver() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        BackgroundWorkerHandle deaf = host.register(RestartPolicy.NEVER, worker -> {
            worker.interrupts().handle(Signal.TERM, Handler.FLAG);
            worker.ready();
            SpiHost.deafUntil(release);
        });
        long pid = deaf.awaitReady(LONG).pid();

        assertThat(value(Boolean.class, "SELECT bgw.terminate(?)", pid)).isTrue();
        assertThat(value(Boolean.class, "SELECT bgw.terminate(?, 1)", pid)).isFalse();
        assertThat(value(Boolean.class, "SELECT bgw.terminate(?)", 999_999L)).as("nobody's").isFalse();
        assertState("22003", () -> value(Boolean.class, "SELECT bgw.terminate(?, ?)", pid, -1L));
        release.countDown();
        deaf.awaitShutdown(LONG);
    }

    @Test
    public void aWaitForTheEndOfAnotherCanBeCancelled() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        BackgroundWorkerHandle deaf = host.register(RestartPolicy.NEVER, worker -> {
            worker.interrupts().handle(Signal.TERM, Handler.FLAG);
            worker.ready();
            SpiHost.deafUntil(release);
        });
        long busy = deaf.awaitReady(LONG).pid();
        CompletableFuture<Long> pid = new CompletableFuture<>();
        CompletableFuture<Throwable> ended = sleeper(pid, "SELECT bgw.terminate(" + busy + ", 3600000)");
        awaitWaiting(pid.get(), "BackendTermination");

        assertThat(value(Boolean.class, "SELECT bgw.cancel(?)", pid.get())).isTrue();

        assertState("57014", () -> {
            throw ended.get(20, TimeUnit.SECONDS);
        });
        release.countDown();
        deaf.awaitShutdown(LONG);
    }

    @Test
    @Proves("R14")
    public void whatIsLaunchedByATransactionOutlivesItsRollback() throws Exception {
        String function = host.function(SpiHost::waitForEver);
        long pid;
        try (Transaction tx = host.session().startTransaction(); Spi spi = tx.connect()) {
            pid = spi.execute("SELECT bgw.launch('lib', ?, 'bgw_name', 'SPI worker 1', 'bgw_restart_time', 'never')", false,
                    0,
                    function).get(0, 1, Long.class);
            tx.abort();
        }

        // What is launched has a pid; its main begins when its thread comes to it.
        Host.patiently().pollInSameThread().until(() -> value(Long.class,
                "SELECT count(*) FROM bgw.workers WHERE bgw_name = 'SPI worker 1' AND state = 'RUNNING' AND pid = ?",
                pid) == 1);
        assertThat(value(String.class, "SELECT owner FROM bgw.workers WHERE pid = ?", pid)).isEqualTo("host");
        assertThat(value(Boolean.class, "SELECT bgw.terminate_worker('SPI worker 1')")).isTrue();
        Host.patiently().pollInSameThread().until(() -> value(Long.class, "SELECT count(*) FROM bgw.workers") == 0);
        assertThat(value(Boolean.class, "SELECT bgw.terminate_worker('SPI worker 1')")).isFalse();
    }

    @Test
    public void errorsOfTheSupervisorKeepTheirSqlState() {
        assertState("22023", () -> value(Long.class, "SELECT bgw.launch('lib', 'f', 'bgw_flags', 'shmem')"));
        assertState("42725", () -> {
            value(Long.class, "SELECT bgw.launch('lib', ?, 'bgw_name', 'twice')", host.function(SpiHost::waitForEver));
            value(Long.class, "SELECT bgw.launch('lib', ?, 'bgw_name', 'twice')", host.function(SpiHost::waitForEver));
            value(Boolean.class, "SELECT bgw.terminate_worker('twice')");
        });
    }

    /** The engine would run the whole statement again after a slice of its wait for the row. */
    @Test
    public void aStatementThatLaunchedAWorkerIsNotRunAgainForALock() throws Exception {
        String function = host.function(SpiHost::waitForEver);
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Void> holder = CompletableFuture.runAsync(() -> {
            try (Backend backend = host.supervisor().openBackend("holder");
                    Transaction tx = backend.connect(POSTGRES).startTransaction();
                    Spi spi = tx.connect()) {
                spi.execute("UPDATE kept SET a = 2 WHERE id = 2", false, 0);
                locked.countDown();
                release.await();
                tx.abort();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        locked.await();

        assertState("55P03", () -> execute(host.session(),
                "UPDATE kept SET a = COALESCE(bgw.launch('lib', '" + function + "') * 0, 0) + 5"));

        assertThat(value(Long.class, "SELECT count(*) FROM bgw.workers")).isEqualTo(1);
        release.countDown();
        holder.get(20, TimeUnit.SECONDS);
    }

    @Test
    @Proves({"R101", "R219"})
    public void theViewShowsEachProcessFromItsLaunchOn() throws Exception {
        BackgroundWorkerHandle handle = host.register(RestartPolicy.NEVER, worker -> {
            worker.ready();
            waitForEver(worker);
        });
        long pid = handle.awaitReady(LONG).pid();
        String name = handle.details().definition().name();

        assertThat(value(String.class, "SELECT backend_type FROM bgw.pg_stat_activity WHERE pid = ?", pid)).isEqualTo(name);
        assertThat(value(String.class, "SELECT datname FROM pg_stat_activity WHERE pid = ?", pid)).isNull();
        assertThat(value(String.class, "SELECT datname FROM pg_stat_activity WHERE pid = pg_backend_pid()"))
                .isEqualTo("postgres");
        assertThat(value(Boolean.class, "SELECT pg_terminate_backend(?, 20000)", pid)).as("it never connected").isTrue();
        assertThat(handle.awaitShutdown(LONG).status()).isEqualTo(Status.STOPPED);
    }

    @Test
    @Proves("R225")
    public void whatSessionsCountedIsShownForTheirDatabase() {
        String commits = "SELECT xact_commit FROM pg_stat_database WHERE datname = 'postgres'";
        host.backend().activity().flushStatistics();
        long before = value(Long.class, commits);

        value(Long.class, "SELECT 1");
        host.backend().activity().flushStatistics();

        assertThat(value(Long.class, commits)).isGreaterThanOrEqualTo(before + 2);
        assertThat(value(Integer.class, "SELECT numbackends FROM pg_stat_database WHERE datname = 'postgres'")).isEqualTo(1);
    }

    @Test
    public void settingsAreShown() {
        assertThat(value(String.class, "SELECT setting FROM pg_settings WHERE name = 'durability'")).isEqualTo("durable");
        assertThat(value(Boolean.class, "SELECT pg_reload_conf()")).isTrue();
        assertThat(value(String.class, "SELECT type FROM pg_wait_events WHERE name = 'PgSleep'")).isEqualTo("Timeout");
        assertThat(value(Long.class, "SELECT count(*) FROM bgw.libraries")).isZero();
    }
}
