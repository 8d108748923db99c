package dev.bgworker.itests;

import static dev.bgworker.api.process.LockMode.EXCLUSIVE;
import static dev.bgworker.api.process.LockMode.SHARED;
import static dev.bgworker.itests.SpiHost.LONG;
import static dev.bgworker.itests.SpiHost.POSTGRES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server.ActivityRow;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Named locks in transactions of the database: who owns them, what ends them, and what they deadlock with. */
public class NamedLocksTest {

    @Rule
    public final TestedHost tested = new TestedHost();
    private SpiHost host;

    @Before
    public void start() {
        host = tested.host();
        host.createTables();
    }

    /** The names of the locks that are held, as a statement of their own sees them. */
    private List<String> held() {
        return host.supervisor().providers().locks().orElseThrow().rows().stream().map(row -> row.name()).toList();
    }

    private static ErrorData error(Throwable raised) {
        assertThat(raised).isInstanceOf(ErrorException.class);
        return ((ErrorException) raised).data();
    }

    private void awaitWaiting(String event) {
        org.awaitility.Awaitility.await().atMost(LONG).untilAsserted(() -> assertThat(host.supervisor().activity())
                .extracting(ActivityRow::waitEvent).contains(event));
    }

    @Test
    @Proves("R211")
    public void aSubtransactionsGoUpWhenItCommitsAndGoWithItWhenItAborts() {
        try (Transaction tx = host.session().startTransaction()) {
            tx.lock("outer", SHARED).close();
            try (Transaction sub = tx.open("committed")) {
                sub.lock("kept", EXCLUSIVE);
                sub.commit();
            }
            try (Transaction sub = tx.open("aborted")) {
                sub.lock("lost", EXCLUSIVE);
                sub.lock("kept", EXCLUSIVE);
                assertThat(held()).containsExactly("kept", "lost", "outer");
                sub.abort();
            }
            assertThat(held()).containsExactly("kept", "outer");
            tx.commit();
        }
        assertThat(held()).isEmpty();
    }

    @Test
    public void theProcesssOutlivesItsTransactions() {
        try (Transaction tx = host.session().startTransaction()) {
            host.backend().scope().lock("session", EXCLUSIVE);
            tx.lock("session", EXCLUSIVE);
            tx.abort();
        }
        assertThat(held()).containsExactly("session");
        try (Transaction tx = host.session().startTransaction(); Spi spi = tx.connect()) {
            SpiResult row = spi.execute("SELECT locktype, mode, granted FROM pg_locks WHERE pid = pg_backend_pid()", false,
                    0);
            assertThat(List.of(row.get(0, 1, String.class), row.get(0, 2, String.class), row.get(0, 3, Boolean.class)))
                    .containsExactly("advisory", "ExclusiveLock", true);
        }
    }

    @Test
    @Proves("R114")
    public void theSessionsLockTimeoutIsThatOfItsNamedLocksToo() throws Exception {
        host.backend().scope().lock("taken", EXCLUSIVE);
        CompletableFuture<ErrorData> raised = new CompletableFuture<>();
        host.register(RestartPolicy.NEVER, worker -> {
            Session session = worker.connect(POSTGRES);
            try (Transaction tx = session.startTransaction(); Spi spi = tx.connect()) {
                spi.execute("SET LOCAL lock_timeout = '20ms'", false, 0);
                raised.complete(error(catchThrowable(() -> tx.lock("taken", SHARED))));
            }
        });

        ErrorData error = raised.get(LONG.toSeconds(), TimeUnit.SECONDS);

        assertThat(error.sqlState()).isEqualTo("55P03");
        assertThat(error.hint()).contains("20 ms");
    }

    @Test
    public void aCycleOfARowAndANamedLockIsADeadlock() throws Exception {
        CompletableFuture<Throwable> worker = new CompletableFuture<>();
        Throwable own;
        try (Transaction tx = host.session().startTransaction(); Spi spi = tx.connect()) {
            tx.lock("x", EXCLUSIVE);
            host.register(RestartPolicy.NEVER, other -> {
                try (Transaction theirs = other.connect(POSTGRES).startTransaction(); Spi sql = theirs.connect()) {
                    sql.execute("UPDATE kept SET a = 1 WHERE id = 1", false, 0);
                    worker.complete(catchThrowable(() -> theirs.lock("x", SHARED)));
                }
            });
            awaitWaiting("advisory");
            own = catchThrowable(() -> spi.execute("UPDATE kept SET a = 2 WHERE id = 1", false, 0));
            tx.abort();
        }
        Throwable theirs = worker.get(LONG.toSeconds(), TimeUnit.SECONDS);
        ErrorData victim = error(own == null ? theirs : own);

        assertThat(own == null || theirs == null).as("one of the two goes on").isTrue();
        assertThat(victim.sqlState()).isEqualTo("40P01");
        assertThat(victim.detail()).contains("waits for ShareLock on advisory lock \"x\"; blocked by process "
                + host.backend().pid() + ".", "waits for transactionid; blocked by process ");
    }

    @Test
    @Proves("R227")
    public void aReloadWaitsForEachConnectedProcessAndNamesWhoIsLate() throws Exception {
        CountDownLatch computing = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        BackgroundWorkerHandle late = host.register(RestartPolicy.NEVER, worker -> {
            worker.connect(POSTGRES);
            computing.countDown();
            SpiHost.deafUntil(release);
            SpiHost.waitForEver(worker);
        });
        assertThat(computing.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();

        List<Long> named = host.supervisor().reload(Duration.ofMillis(10));
        release.countDown();

        assertThat(named).containsExactly(late.details().pid());
        assertThat(host.supervisor().reload(LONG)).isEmpty();
    }
}
