package dev.bgworker.itests;

import static dev.bgworker.itests.SpiHost.LONG;
import static dev.bgworker.itests.SpiHost.POSTGRES;
import static dev.bgworker.itests.SpiHost.execute;
import static dev.bgworker.itests.SpiHost.waitForEver;
import static dev.bgworker.itests.SpiHost.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.host.EngineGate;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Interrupts.Hold;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.PanicError;
import dev.bgworker.api.process.Scope.Event;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import java.time.Duration;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** However a worker ends in the middle of a transaction: nothing of that is left, and nothing of it is committed later. */
public class EndInTransactionTest {

    private static final String FOR_EVER = "SELECT count(*) FROM SYSTEM_RANGE(1, 1000000) a, SYSTEM_RANGE(1, 1000000) b";

    @Rule
    public final TestedHost tested = new TestedHost();
    private final Semaphore inTransaction = new Semaphore(0);
    private final Queue<String> callbacks = new ConcurrentLinkedQueue<>();
    private SpiHost host;

    @Before
    public void start() {
        host = tested.host();
        host.createTables();
    }

    private BackgroundWorkerHandle inTransaction(WorkerMain main) throws InterruptedException {
        BackgroundWorkerHandle handle = host.register(RestartPolicy.NEVER, main);
        assertThat(inTransaction.tryAcquire(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return handle;
    }

    private void tidy(WorkerContext worker) {
        try (Transaction tx = worker.connect(POSTGRES).startTransaction(); Spi spi = tx.connect()) {
            write(spi);
            inTransaction.release();
            waitForEver(worker);
        }
    }

    private void careless(WorkerContext worker) {
        worker.scope().on(Event.BEFORE_SHMEM_EXIT, end -> callbacks.add("before_shmem_exit"));
        Transaction tx = worker.connect(POSTGRES).startTransaction();
        tx.on(Event.ABORT, end -> callbacks.add("abort"));
        write(tx.connect());
        inTransaction.release();
        waitForEver(worker);
    }

    private WorkerMain in(String sql) {
        return worker -> {
            Spi spi = worker.connect(POSTGRES).startTransaction().connect();
            write(spi);
            inTransaction.release();
            spi.execute(sql, false, 0);
        };
    }

    /** Its next run, after the reset, shows that this one is over. */
    private void quit(WorkerMain main) throws Exception {
        AtomicLong runs = new AtomicLong();
        CountDownLatch back = new CountDownLatch(1);
        CountDownLatch looked = new CountDownLatch(1);
        BackgroundWorkerHandle handle = host.register(RestartPolicy.DEFAULT, worker -> {
            if (runs.incrementAndGet() == 1) {
                main.main(worker);
            }
            back.countDown();
            looked.await();
        });
        assertThat(inTransaction.tryAcquire(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        host.supervisor().signal(handle.details().pid(), Signal.QUIT);
        assertThat(back.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(handle.details().exitStatus()).isEqualTo(2);
        host.assertNothingLeft(1);
        looked.countDown();
    }

    @Test
    @Proves({"R53", "R129"})
    public void oneThatIsQuitOnItsLatchLeavesNothingWhetherItCleansUpOrNot() throws Exception {
        quit(this::tidy);
        quit(this::careless);
        assertThat(callbacks).isEmpty();
    }

    @Test
    @Proves("R53")
    public void oneThatIsQuitInAStatementLeavesNothing() throws Exception {
        quitInEngine(in(FOR_EVER));
        host.assertNothingLeft(1);
    }

    @Test
    @Proves("R53")
    public void oneThatIsQuitWhileItWaitsForARowLeavesNothing() throws Exception {
        Transaction holder = host.session().startTransaction();
        holder.connect().execute("UPDATE kept SET a = 0 WHERE id = 2", false, 0);
        quitInEngine(in("UPDATE kept SET a = 1 WHERE id = 2"));
        holder.abort();
        host.assertNothingLeft(1);
    }

    private void quitInEngine(WorkerMain main) throws InterruptedException {
        BackgroundWorkerHandle handle = inTransaction(main);
        long pid = handle.details().pid();
        ProcArray.Entry proc = host.supervisor().procArray().find(pid).orElseThrow();
        Awaitility.await().atMost(LONG).until(() -> proc.gate().state() == EngineGate.State.IN_ENGINE);
        host.supervisor().signal(pid, Signal.QUIT);
        assertThat(handle.awaitShutdown(LONG).exitStatus()).isEqualTo(2);
    }

    @Test
    @Proves({"R47", "R54", "R55", "R110"})
    public void aPanicUndoesWhatAllOfThemWereDoingAndTheyComeBackAndWrite() throws Exception {
        Queue<Throwable> raised = new ConcurrentLinkedQueue<>();
        CountDownLatch back = new CountDownLatch(2);
        AtomicLong bystander = new AtomicLong();
        AtomicLong panics = new AtomicLong();
        host.register(RestartPolicy.DEFAULT, worker -> {
            if (bystander.incrementAndGet() == 1) {
                careless(worker);
            }
            comesBack(worker, back);
        });
        assertThat(inTransaction.tryAcquire(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        host.register(RestartPolicy.DEFAULT, worker -> {
            if (panics.incrementAndGet() == 1) {
                Transaction tx = worker.connect(POSTGRES).startTransaction();
                Spi spi = tx.connect();
                spi.execute("INSERT INTO added VALUES (0)", false, 0);
                worker.interrupts().hold(Hold.CRIT_SECTION);
                raised.add(catchThrowable(() -> spi.execute("INSERT INTO kept VALUES (2, 1)", false, 0)));
                raised.add(catchThrowable(tx::commit));
                return;
            }
            comesBack(worker, back);
        });

        assertThat(back.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(raised).hasSize(2).allMatch(PanicError.class::isInstance);
        host.assertNothingLeft(3);
        assertThat(host.number("SELECT count(*) FROM came_back")).isEqualTo(2);
        assertThat(callbacks).isEmpty();
    }

    private static void comesBack(WorkerContext worker, CountDownLatch back) {
        execute(worker.connect(POSTGRES), "INSERT INTO came_back VALUES (1)");
        back.countDown();
        waitForEver(worker);
    }

    @Test
    @Proves("R63")
    public void oneThatIsAbandonedLosesItsRowsAndCommitsNothingLater() throws Exception {
        for (long deadline : new long[]{1, 1_500}) {
            CountDownLatch release = new CountDownLatch(1);
            AtomicReference<Throwable> later = new AtomicReference<>();
            CountDownLatch over = new CountDownLatch(1);
            BackgroundWorkerHandle handle = inTransaction(worker -> {
                Transaction tx = worker.connect(POSTGRES).startTransaction();
                write(tx.connect());
                inTransaction.release();
                SpiHost.deafUntil(release);
                later.set(catchThrowable(tx::commit));
                over.countDown();
            });

            handle.terminateWithin(Duration.ofMillis(deadline));
            assertThat(handle.awaitShutdown(LONG).state()).isEqualTo(WorkerDetails.State.ABANDONED);
            execute(host.session(), "UPDATE kept SET a = 0");
            Awaitility.await().atMost(LONG).until(() -> host.sessions() == 1);
            host.assertNothingLeft(1);
            release.countDown();
            assertThat(over.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(later.get()).isInstanceOf(FatalError.class).hasMessageContaining("abandoned");
            host.assertNothingLeft(1);
        }
    }

    /** What one run counts of its commits, from before it connects. */
    private record Commits(long pid, AtomicLong issued, AtomicLong acknowledged, CountDownLatch busy) {

        void go(WorkerContext worker) {
            Session session = worker.connect(POSTGRES);
            while (true) {
                try (Transaction tx = session.startTransaction(); Spi spi = tx.connect()) {
                    spi.execute("INSERT INTO came_back VALUES (?)", false, 0, pid);
                    spi.close();
                    issued.incrementAndGet();
                    tx.commit();
                    acknowledged.incrementAndGet();
                    busy.countDown();
                }
            }
        }
    }

    @Test
    @Proves({"R53", "R55"})
    public void noCommitIsIssuedAfterTheQuitAndEachTimeTheWorkerComesBack() throws Exception {
        Random random = new Random(3);
        BlockingQueue<Commits> runs = new LinkedBlockingQueue<>();
        host.register(RestartPolicy.DEFAULT, worker -> {
            Commits run = new Commits(worker.pid(), new AtomicLong(), new AtomicLong(),
                    new CountDownLatch(random.nextInt(30)));
            runs.add(run);
            run.go(worker);
        });
        Commits run = runs.poll(LONG.toSeconds(), TimeUnit.SECONDS);
        for (int round = 0; round < 200; round++) {
            assertThat(run.busy().await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            host.supervisor().signal(run.pid(), Signal.QUIT);
            long issuedBefore = run.issued().get();

            Commits next = runs.poll(LONG.toSeconds(), TimeUnit.SECONDS);

            assertThat(next).as("run after the quit").isNotNull();
            assertThat(host.number("SELECT count(*) FROM came_back WHERE a = " + run.pid()))
                    .isBetween(run.acknowledged().get(), issuedBefore);
            run = next;
        }
        assertThat(host.sessions()).as("the backend's and that of the last run, if it is connected").isLessThanOrEqualTo(2);
    }

    @Test
    @Proves("R53")
    public void aQuitBetweenTheCallOfCommitAndTheEngineUndoesTheTransaction() throws Exception {
        BackgroundWorkerHandle handle = host.register(RestartPolicy.NEVER, worker -> {
            Transaction tx = worker.connect(POSTGRES).startTransaction();
            tx.on(Event.PRE_COMMIT, end -> host.supervisor().signal(worker.pid(), Signal.QUIT));
            write(tx.connect());
            tx.commit();
        });
        assertThat(handle.awaitShutdown(LONG).exitStatus()).isEqualTo(2);
        host.assertNothingLeft(1);
    }
}
