package dev.bgworker.supervisor;

import static dev.bgworker.supervisor.Host.LONG;
import static dev.bgworker.supervisor.Host.definition;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.PanicError;
import dev.bgworker.supervisor.process.Log;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Crashes with real threads. */
@Timeout(60)
class CrashTest {

    private static final RestartPolicy HOURLY = RestartPolicy.after(ofHours(1));

    private final AtomicBoolean broken = new AtomicBoolean();
    private final StandInMemory memory = new StandInMemory(epoch -> {
        if (broken.get()) {
            throw new IllegalStateException("no memory left");
        }
    });
    private final Host host = new Host();
    private final BlockingQueue<String> begun = new LinkedBlockingQueue<>();

    CrashTest() {
        host.supervisor.addProvider(memory);
        host.up();
    }

    @AfterEach
    void close() throws InterruptedException { host.close(); }

    private static PanicError panic() { return new PanicError(ErrorData.errcode("XX001", "shared state is damaged")); }

    /** Runs until it is ended, on its latch. */
    private WorkerMain rests(String name) {
        return worker -> {
            begun.add(name);
            Host.UNTIL_TERM.main(worker);
        };
    }

    /** Crashes when it is let, in its first run, and rests in the next ones. */
    private WorkerMain crashes(CountDownLatch let) {
        AtomicBoolean first = new AtomicBoolean(true);
        return worker -> {
            if (first.getAndSet(false)) {
                begun.add("crashes");
                let.await();
                throw panic();
            }
            rests("crashes").main(worker);
        };
    }

    private void awaitBegun(String... names) throws InterruptedException {
        Set<String> missing = new HashSet<>(Set.of(names));
        while (!missing.isEmpty()) {
            String name = begun.poll(20, TimeUnit.SECONDS);
            assertThat(name).as("still missing %s", missing).isNotNull();
            missing.remove(name);
        }
    }

    @Test
    @Tag("R47")
    @Tag("R53")
    @Tag("R54")
    @Tag("R55")
    void aPanicTakesDownWhoHasSharedMemoryRebuildsItAndStartsThemAtOnce() throws Exception {
        CountDownLatch let = new CountDownLatch(1);
        BackgroundWorkerHandle crashing = host.start(definition("crashes").restart(HOURLY), crashes(let));
        BackgroundWorkerHandle other = host.start(definition("other").restart(HOURLY), rests("other"));
        BackgroundWorkerHandle alone = host.start(definition("alone").flags(Set.of()), rests("alone"));
        awaitBegun("crashes", "other", "alone");
        long alonePid = alone.details().pid();
        long otherPid = other.details().pid();

        let.countDown();
        awaitBegun("crashes", "other");

        assertThat(memory.epochs).containsExactly(1L);
        assertThat(other.awaitStartup(LONG).pid()).isGreaterThan(otherPid);
        assertThat(crashing.awaitStartup(LONG).lastError().orElseThrow().sqlState()).isEqualTo("XX001");
        assertThat(alone.details().pid()).isEqualTo(alonePid);
        assertThat(other.details().slot()).isEqualTo(1);
    }

    @Test
    @Tag("R56")
    @Tag("R54")
    void childrenThatAreNeverRestartedAreForgottenAndALauncherOutsideTheDomainIsTold() throws Exception {
        CountDownLatch let = new CountDownLatch(1);
        CompletableFuture<WorkerEvent.Kind> told = new CompletableFuture<>();
        host.start(definition("launcher").flags(Set.of()), worker -> {
            BackgroundWorkerHandle child = host.start(definition("child").notifyPid(worker.pid()), rests("child"));
            child.awaitStartup(LONG);
            let.countDown();
            while (!told.isDone()) {
                worker.latch().await(LONG, "Test");
                worker.latch().reset();
                for (var event = worker.events().poll(); event.isPresent(); event = worker.events().poll()) {
                    if (event.get().kind() == WorkerEvent.Kind.FORGOTTEN) {
                        told.complete(event.get().kind());
                    }
                }
            }
        });

        host.start(definition("crashes").restart(HOURLY), crashes(let));

        assertThat(told.get(20, TimeUnit.SECONDS)).isEqualTo(WorkerEvent.Kind.FORGOTTEN);
    }

    @Test
    @Tag("R54")
    void aHookThatFailsInTheRebuildStopsTheHost() throws Exception {
        CountDownLatch let = new CountDownLatch(1);
        broken.set(true);
        CountDownLatch stopped = new CountDownLatch(1);
        host.onStop(stopped::countDown);
        host.start(definition("crashes").restart(HOURLY), crashes(let));

        let.countDown();

        assertThat(stopped.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(host.stopped.get()).contains("no memory left");
    }

    @Test
    @Tag("R47")
    void anAbandonedOneThatHoldsALockIsACrashAndItsLockIsTakenAway() throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        BackgroundWorkerHandle stubborn = host.start(definition("stubborn").restart(HOURLY), worker -> {
            memory.lockHolders.add(worker.pid());
            begun.add("stubborn");
            while (free.getCount() > 0) {
                Thread.onSpinWait();
            }
        });
        host.start(definition("other").restart(HOURLY), rests("other"));
        awaitBegun("stubborn", "other");

        stubborn.terminateWithin(ofMillis(200));
        awaitBegun("other");

        assertThat(memory.epochs).containsExactly(1L);
        assertThat(memory.lockHolders).isEmpty();
        free.countDown();
    }

    @Test
    @Tag("R47")
    void anAbandonedOneThatHoldsNothingIsContained() throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        WorkerMain spins = worker -> {
            while (free.getCount() > 0) {
                Thread.onSpinWait();
            }
        };
        BackgroundWorkerHandle stubborn = host.start(definition("stubborn"), worker -> {
            begun.add("stubborn");
            spins.main(worker);
        });
        BackgroundWorkerHandle holder = host.start(definition("holder"), worker -> {
            memory.lockHolders.add(worker.pid());
            begun.add("holder");
            spins.main(worker);
        });
        host.start(definition("other").restart(HOURLY), rests("other"));
        awaitBegun("stubborn", "holder", "other");

        try (Log log = new Log()) {
            stubborn.terminateWithin(ofMillis(200));
            assertThat(stubborn.awaitShutdown(LONG).state()).isEqualTo(WorkerDetails.State.ABANDONED);
            assertThat(memory.fenced.poll(20, TimeUnit.SECONDS)).isNotNull();
            holder.terminateWithin(ofMillis(200)); // the first crash of the episode, and so the one that is told
            awaitBegun("other");
            assertThat(log.text()).containsPattern("\"holder\" \\(PID \\d+\\) crashed")
                    .doesNotContainPattern("\"stubborn\" \\(PID \\d+\\) crashed");
        } finally {
            free.countDown();
        }
        assertThat(memory.epochs).containsExactly(1L);
    }

    @Test
    @Tag("R53")
    void oneThatDoesNotQuitIsAbandonedAfterFiveSecondsAndTheOthersComeBack() throws Exception {
        CountDownLatch let = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        BackgroundWorkerHandle stubborn = host.start(definition("stubborn").restart(HOURLY), worker -> {
            begun.add("stubborn");
            while (free.getCount() > 0) {
                Thread.onSpinWait();
            }
        });
        host.start(definition("crashes").restart(HOURLY), crashes(let));
        awaitBegun("stubborn", "crashes");
        long start = System.nanoTime();

        let.countDown();
        awaitBegun("crashes");

        assertThat(ofSeconds(5)).isLessThanOrEqualTo(Duration.ofNanos(System.nanoTime() - start));
        assertThat(stubborn.details().state()).isEqualTo(WorkerDetails.State.ABANDONED);
        free.countDown();
        awaitBegun("stubborn");
    }
}
