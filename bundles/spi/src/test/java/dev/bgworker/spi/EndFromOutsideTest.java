package dev.bgworker.spi;

import dev.bgworker.api.host.WorkerResource.Phase;
import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Abort and fence at any point of what a process does: its sessions end once, and nobody else notices. */
@Timeout(120)
class EndFromOutsideTest {

    private static final int RUNS = 200;
    private static final int ROWS = 50;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private AdminView view;

    @BeforeEach
    void rows() throws Exception {
        view = new AdminView();
        view.run("CREATE TABLE t (id INT PRIMARY KEY, a BIGINT)");
        view.run("INSERT INTO t SELECT \"X\", 0 FROM SYSTEM_RANGE(1, " + ROWS + ")");
        view.run("GRANT ALL ON t TO \"postgres\"");
    }

    @AfterEach
    void stop() throws Exception {
        threads.shutdownNow();
        view.close();
    }

    /** A process that goes on until it is told; what it raised is its answer, null when it finished. */
    private CompletableFuture<String> process(long pid, CompletableFuture<TestProcess> born, boolean commit) {
        return CompletableFuture.supplyAsync(() -> {
            TestProcess process = new TestProcess(view.host, pid);
            born.complete(process);
            try {
                work(process.connect(ConnectTo.database("postgres")), commit);
                return null;
            } catch (RuntimeException | Error e) {
                return e instanceof Ereport told ? told.data().sqlState() : e.toString();
            } finally {
                process.exit();
            }
        }, threads);
    }

    private static void work(Session session, boolean commit) {
        for (int i = 0; i < 20; i++) {
            try (Transaction tx = session.startTransaction(); Spi spi = tx.connect()) {
                try (var snapshot = tx.snapshot().push()) {
                    spi.execute("SELECT COUNT(*) FROM t", true, 0);
                }
                spi.execute("UPDATE t SET a = a + 1", false, 0);
                try (Transaction sub = tx.open("inner"); Spi inner = sub.connect()) {
                    inner.execute("UPDATE t SET a = a + 10", false, 0);
                    inner.close();
                    sub.abort();
                }
                spi.close();
                if (commit) {
                    tx.commit();
                }
            }
        }
    }

    private static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }

    private void assertNothingLeft(int run) throws Exception {
        assertThat(view.sessionsOfProcesses()).as("sessions after run %s", run).isZero();
        // Fails when a row is locked, or when the engine's undo log holds what another session left behind.
        view.run("UPDATE t SET a = a");
        assertThat(view.number("SELECT MAX(a) - MIN(a) FROM t")).as("half a transaction after run %s", run).isZero();
    }

    @Test
    void aFenceAtAnyPointLeavesNoSessionAndNoLockedRow() throws Exception {
        Random random = new Random(1);
        int fenced = 0;
        for (int run = 0; run < RUNS; run++) {
            CompletableFuture<TestProcess> born = new CompletableFuture<>();
            CompletableFuture<String> victim = process(run, born, run % 2 == 0);
            TestProcess process = born.get();
            spin(random.nextInt(100_000));
            process.gate.fence();
            // At once, after it has gone, or not at all: its own exit must do.
            if (run % 3 == 0) {
                view.host.provider().fence(process);
            }
            String raised = victim.get(10, TimeUnit.SECONDS);
            if (run % 3 == 1) {
                view.host.provider().fence(process);
            }
            assertThat(raised).isIn("57P01", null);
            fenced += raised == null ? 0 : 1;
            assertNothingLeft(run);
        }
        assertThat(fenced).as("runs that the fence hit").isGreaterThan(RUNS / 4);
    }

    @Test
    void anAbortAtAnyPointEndsEachTransactionOnceAndNoInnocentSessionPays() throws Exception {
        Random random = new Random(2);
        int aborted = 0;
        for (int run = 0; run < RUNS; run++) {
            CompletableFuture<TestProcess> born = new CompletableFuture<>();
            CompletableFuture<String> victim = process(run, born, run % 2 == 0);
            TestProcess process = born.get();
            spin(random.nextInt(100_000));
            view.host.provider().abort(process);
            String raised = victim.get(10, TimeUnit.SECONDS);
            assertThat(raised).isIn("57P01", null);
            aborted += raised == null ? 0 : 1;
            assertNothingLeft(run);
        }
        assertThat(aborted).as("runs that the abort hit").isGreaterThan(RUNS / 4);
    }

    @Test
    void aFencedProcessThatNeverReturnsLosesItsRowsToTheFence() throws Exception {
        TestProcess process = new TestProcess(view.host, 1);
        Session session = process.connect(ConnectTo.database("postgres"));
        Transaction tx = session.startTransaction();
        tx.connect().execute("UPDATE t SET a = 5", false, 0);
        process.gate.fence();
        CompletableFuture.runAsync(() -> view.host.provider().fence(process), threads).get(10, TimeUnit.SECONDS);
        assertNothingLeft(0);
        tx.abort();
        process.exit();
    }

    @Test
    void anInterruptedOwnerStillHasItsSessionEndedAndKeepsTheInterrupt() throws Exception {
        TestProcess process = new TestProcess(view.host, 1);
        Session session = process.connect(ConnectTo.database("postgres"));
        session.startTransaction().connect().execute("UPDATE t SET a = 5", false, 0);
        process.gate.fence();
        Thread.currentThread().interrupt();
        view.host.provider().release(process, Phase.PROC, process.scope, false);
        assertThat(Thread.interrupted()).isTrue();
        assertNothingLeft(0);
    }
}
