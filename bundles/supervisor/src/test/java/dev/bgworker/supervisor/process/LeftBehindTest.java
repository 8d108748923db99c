package dev.bgworker.supervisor.process;

import static dev.bgworker.supervisor.process.Processes.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeftBehindTest {

    private final Processes processes = new Processes();
    private final CountDownLatch free = new CountDownLatch(1);

    @AfterEach
    void close() {
        free.countDown();
        processes.close();
    }

    /** In a thread and a group of its own; what was logged meanwhile. */
    private String logOf(WorkerMain main) throws Exception {
        Run run = new Run(processes);
        CompletableFuture<Void> over = new CompletableFuture<>();
        try (Log log = new Log()) {
            WorkerRun made = run.make(worker -> {
                worker.scope().own(() -> over.complete(null));
                main.main(worker);
            });
            made.start("1 sweeper");
            get(over);
            while (run.exit == null) {
                Thread.onSpinWait();
            }
            return log.text();
        }
    }

    private void stays() {
        try {
            free.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Held, since a timer that nobody refers to ends its thread. */
    private final AtomicReference<Timer> ticks = new AtomicReference<>();

    @Test
    void threadsOfAWorkersOwnAreNamedInOneLineWithTheHint() throws Exception {
        String log = logOf(worker -> {
            new Thread(this::stays, "mine").start();
            ticks.set(new Timer("ticks", true));
            ExecutorService pool = Executors.newFixedThreadPool(1, work -> new Thread(work, "pooled"));
            pool.execute(this::stays);
        });

        assertThat(log.lines().filter(line -> line.contains("left threads running"))).singleElement().asString()
                .contains("\"sweeper\" (PID 1)", "\"mine\", \"pooled\", \"ticks\"", "scope().startThread");
    }

    @Test
    void whatHasEndedOrIsJustEndingOrBelongsToTheScopeIsNot() throws Exception {
        assertThat(logOf(worker -> {
            ExecutorService pool = Executors.newFixedThreadPool(4);
            for (int i = 0; i < 4; i++) {
                pool.execute(() -> {});
            }
            pool.shutdown();
            assertThat(pool.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
            worker.scope().startThread("reader", this::stays);
        })).doesNotContain("left threads");
    }

    @Test
    void whatTheHostTheEngineAndTheJvmMakeOnItsThreadIsNot() throws Exception {
        assertThat(logOf(worker -> {
            HostThreads.make("of the host", this::stays).start();
            inTheEngine(worker);
            CompletableFuture.supplyAsync(() -> 1).orTimeout(1, TimeUnit.HOURS).get();
            worker.scope().openPipeStream(new ProcessBuilder("true"));
        })).doesNotContain("left threads");
    }

    /** As spi goes in: with a class loader that is not the worker's. */
    private void inTheEngine(WorkerContext worker) {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(new ClassLoader(before) {});
        new Thread(this::stays, "of the engine").start();
        Thread.currentThread().setContextClassLoader(before);
    }

    @Test
    void groupsAreUsedAgainAndOneWithAThreadLeftIsNot() throws Exception {
        RunGroups groups = new RunGroups();
        ThreadGroup first = groups.take();
        groups.giveBack(first);
        assertThat(groups.take()).isSameAs(first);
        Thread left = HostThreads.make(first, "left", this::stays);
        left.start();
        groups.giveBack(first);

        assertThat(groups.take()).isNotSameAs(first);
        free.countDown();
        left.join();

        assertThat(groups.take()).isSameAs(first);
    }
}
