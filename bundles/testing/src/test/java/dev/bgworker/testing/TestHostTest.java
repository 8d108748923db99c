package dev.bgworker.testing;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.StartTime;
import dev.bgworker.api.control.BackgroundWorkers.NoWorkerSlotException;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.process.Activity;
import dev.bgworker.api.process.Interrupts.Handler;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.process.PanicError;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import static dev.bgworker.api.process.ErrorData.errcode;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A host without a framework, and what can be asked of it and of its workers. */
@ExtendWith(BgworkerExtension.class)
class TestHostTest {

    private static final Logger LOG = LoggerFactory.getLogger(TestHostTest.class);

    @Test
    void workerLogsUnderItsOwnName(TestHost host) {
        TestWorker one = host.start(worker -> LOG.info("one of {}", 2));
        TestWorker other = host.start(worker -> LOG.warn("other", new IllegalStateException("why")));
        host.settle();

        assertThat(one.log()).extracting(LogLine::message).contains("one of 2").doesNotContain("other");
        assertThat(other.log()).filteredOn(line -> line.level() == Level.WARN).singleElement().satisfies(line -> {
            assertThat(line.message()).isEqualTo("other");
            assertThat(line.thrown()).hasMessage("why");
            assertThat(line.at()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        });
    }

    @Test
    void activityIsThatOfPgStatActivity(TestHost host) {
        TestWorker worker = host.start(it -> {
            it.activity().applicationName("mine");
            it.connect(ConnectTo.database("postgres"));
            it.activity().report(Activity.State.IDLE, "nothing to do");
            Workers.waitForEver(it);
        });

        worker.awaitIdle("Waits");

        assertThat(worker.activity()).hasValueSatisfying(row -> {
            assertThat(row.applicationName()).isEqualTo("mine");
            assertThat(row.query()).isEqualTo("nothing to do");
            assertThat(row.database()).isEqualTo("postgres");
            assertThat(row.stateChange()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        });
    }

    @Test
    void settingsReachAWorkerWithHup(TestHost host) {
        host.settings(Map.of("test.naptime", "3", "other.key", "0"));
        List<Map<String, String>> seen = Collections.synchronizedList(new ArrayList<>());
        host.start(worker -> {
            worker.interrupts().handle(Signal.HUP, Handler.FLAG);
            worker.interrupts().unblock();
            while (true) {
                seen.add(worker.settings());
                worker.latch().await(Latch.FOREVER, "Settings");
                worker.latch().reset();
                worker.interrupts().take(Signal.HUP);
                worker.interrupts().check();
            }
        }).awaitIdle();

        host.settings(Map.of("test.naptime", "4"));
        host.settle();

        assertThat(seen).containsExactly(Map.of("test.naptime", "3"), Map.of("test.naptime", "4"));
    }

    @Test
    void eachDatabaseIsOneOfItsOwn(TestHost host) {
        host.sql(sql -> sql.execute("CREATE TABLE here (a INT)"));
        host.sql(sql -> sql.execute("CREATE DATABASE shop"));
        assertThatThrownBy(() -> host.sql("shop", sql -> sql.execute("SELECT * FROM here")))
                .hasMessageContaining("here");
    }

    @Test
    void libraryIsLoadedWithItsStaticWorkers(TestHost host) {
        host.function("lib", "waits", () -> Workers::waitForEver);

        host.load("lib", loading -> {
            loading.requestShmem("area", 64);
            loading.registerBackgroundWorker(BackgroundWorker.builder("first", "lib", "waits").build());
            loading.registerBackgroundWorker(BackgroundWorker.builder("second", "lib", "waits").build());
        });

        host.worker("first").awaitIdle("Waits");
        host.worker("second").awaitIdle("Waits");
        assertThatThrownBy(() -> host.worker("third")).isInstanceOf(AssertionError.class)
                .hasMessageContaining("[first, second]");
    }

    @Test
    void sharedMemoryIsThatOfTheHostAndNewAfterACrash(TestHost host) {
        TestWorker worker = host.start(BackgroundWorker.builder("counts", "test", "counts")
                .restart(RestartPolicy.after(ofSeconds(1))), () -> it -> {
                    it.interrupts().unblock();
                    Area area = it.shmem().namedSegment("counter", 64, made -> made.set(0, 41));
                    LOG.info("epoch {} counter {}", it.shmem().epoch(), area.fetchAdd(0, 1));
                    Workers.waitForEver(it);
                });
        worker.awaitIdle();
        TestWorker panics = host.start(definition("panics").restart(RestartPolicy.NEVER), () -> it -> {
            throw new PanicError(errcode("XX001", "damaged"));
        });
        assertThat(panics.awaitExit().status()).isEqualTo(2);
        worker.awaitExit();

        host.advance(ofSeconds(1));

        assertThat(worker.log()).extracting(LogLine::message).contains("epoch 0 counter 41", "epoch 1 counter 41");
    }

    @Test
    void workerWaitsForTheServerState() {
        try (TestHost host = TestHost.builder().state(Server.State.CONSISTENT).start()) {
            TestWorker early = host.start(definition("early").startTime(StartTime.CONSISTENT_STATE),
                    () -> Workers::waitForEver);
            TestWorker late = host.start(definition("late"), () -> Workers::waitForEver);
            early.awaitIdle("Waits");
            assertThat(late.awaitIdle().details().state()).isEqualTo(State.WAITING);

            host.promote();

            late.awaitIdle("Waits");
        }
    }

    private static BackgroundWorker.Builder definition(String name) {
        return BackgroundWorker.builder(name, TestHost.LIBRARY, name);
    }

    @Test
    void crashWithoutRestartStopsTheHost() {
        try (TestHost host = TestHost.builder().stopAfterCrash().start()) {
            host.start(it -> {
                throw new PanicError(errcode("XX001", "damaged"));
            });
            host.settle();
            assertThat(host.stopped()).hasValueSatisfying(why -> assertThat(why).contains("crash"));
        }
    }

    @Test
    void libraryHasItsQuotaOfSlots() {
        try (TestHost host = TestHost.builder().maxWorkerProcessesPerLibrary(1).start()) {
            host.start(Workers::waitForEver).awaitIdle();
            assertThatThrownBy(() -> host.start(Workers::waitForEver))
                    .isInstanceOfSatisfying(NoWorkerSlotException.class,
                            full -> assertThat(full.setting()).isEqualTo("max_worker_processes_per_library"));
        }
    }

    @Test
    void slotsOfTheSettingsCountAtOnceForNewWorkers(TestHost host) {
        host.start(Workers::waitForEver);
        host.start(Workers::waitForEver);

        host.settings(Map.of("max_worker_processes", "3"));

        TestWorker third = host.start(Workers::waitForEver).awaitIdle("Waits");
        assertThatThrownBy(() -> host.start(Workers::waitForEver)).isInstanceOfSatisfying(NoWorkerSlotException.class,
                full -> assertThat(full.setting()).isEqualTo("max_worker_processes"));
        host.settings(Map.of("max_worker_processes", "2"));
        assertThat(third.awaitIdle("Waits").details().state()).as("it keeps its slot").isEqualTo(State.RUNNING);
    }

    @Test
    void settingThatTheHostRefusesChangesNothing(TestHost host) {
        assertThatThrownBy(() -> host.settings(Map.of("max_worker_processes", "many", "test.naptime", "3")))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("max_worker_processes");

        host.settings(Map.of("test.rows", "4"));

        List<Map<String, String>> seen = Collections.synchronizedList(new ArrayList<>());
        host.start(worker -> seen.add(worker.settings())).awaitExit();
        assertThat(seen).containsExactly(Map.of("test.rows", "4"));
    }

    @Test
    void workerAtWorkIsNamedWithItsStack() {
        CountDownLatch release = new CountDownLatch(1);
        try (TestHost host = TestHost.builder().patience(ofSeconds(2)).start()) {
            TestWorker worker = host.start(it -> release.await());

            assertThatThrownBy(worker::awaitIdle).isInstanceOf(AssertionError.class).hasMessageContaining("worker-1 (PID 1)")
                    .hasMessageContaining("CountDownLatch.await").hasMessageContaining("elapse");
            release.countDown();
            assertThat(worker.awaitExit().status()).isZero();
        }
    }

    @Test
    void timePassesForTheSupervisorWhileAWorkerIsAtWork() {
        CountDownLatch release = new CountDownLatch(1);
        try (TestHost host = TestHost.start()) {
            TestWorker worker = host.start(it -> {
                while (release.getCount() > 0) {
                    Thread.onSpinWait();
                }
            });
            host.elapse(Duration.ZERO);

            worker.handle().terminateWithin(ofSeconds(10));
            host.elapse(ofSeconds(11));

            assertThat(worker.details().state()).isEqualTo(State.ABANDONED);
            release.countDown();
        }
    }

    @Test
    void withoutADatabaseWorkersRunThatNeedNone() {
        try (TestHost host = TestHost.builder().withoutDatabase().start()) {
            TestWorker worker = host.start(definition("plain").flags(Set.of()), () -> Workers::waitForEver);
            worker.awaitIdle("Waits");
        }
    }

    /** Two hosts of one JVM have nothing in common. */
    @Test
    void hostsDoNotHearOneAnother(TestHost host) {
        try (TestHost other = TestHost.start()) {
            host.start(it -> LOG.info("here")).awaitExit();
            other.start(it -> LOG.info("there")).awaitExit();
            host.advance(ofSeconds(7));

            assertThat(host.worker("worker-1").log()).extracting(LogLine::message).contains("here").doesNotContain("there");
            assertThat(other.log()).extracting(LogLine::message).contains("there").doesNotContain("here");
            assertThat(other.time().now()).isNotEqualTo(host.time().now());
        }
    }

    @Test
    void sessionKnowsItsDatabaseAndIdentityOfWrappedObjectsHolds(TestHost host) {
        TestWorker worker = host.start(it -> {
            Session db = it.connect(ConnectTo.database("postgres"));
            assertThat(it.latch()).isSameAs(it.latch());
            try (var tx = db.startTransaction()) {
                assertThat(db.transaction()).containsSame(tx);
            }
            assertThat(db.database()).isEqualTo("postgres");
        });

        assertThat(worker.awaitExit().error()).isEmpty();
        assertThat(worker.calls("WorkerContext.latch")).isEqualTo(2);
    }
}
