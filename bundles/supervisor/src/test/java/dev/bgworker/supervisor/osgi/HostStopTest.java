package dev.bgworker.supervisor.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.Backend;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Latch;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Down, mildly or not. */
@Timeout(30)
class HostStopTest {

    @TempDir
    Path data;
    private LifeOfAHost host;

    @BeforeEach
    void make() { host = new LifeOfAHost(data); }

    @AfterEach
    void end() { host.close(); }

    /** A worker that neither checks nor waits until it is let go. */
    private CountDownLatch stubborn() throws InterruptedException {
        CountDownLatch letGo = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(1);
        host.run(worker -> {
            running.countDown();
            while (letGo.getCount() > 0) {
                Thread.onSpinWait();
            }
        });
        running.await();
        return letGo;
    }

    @Test
    @Tag("R80")
    void smartShutdownWaitsForTheLastBackend() throws Exception {
        host.up();
        try (Backend backend = host.supervisor.openBackend("last")) {
            host.life.shutdown(State.SMART_SHUTDOWN);
            host.await(State.SMART_SHUTDOWN);
            assertThatThrownBy(CompletableFuture.runAsync(() -> host.supervisor.openBackend("late"))::join)
                    .hasMessageContaining("shutting down");
            assertThat(host.asked.getCount()).isEqualTo(1);
            assertThat(backend.pid()).isPositive();
        }

        assertThat(host.ended.await(20, TimeUnit.SECONDS)).isTrue();
        host.await(State.FAST_SHUTDOWN);
    }

    @Test
    @Tag("R84")
    void aMoreSevereShutdownOvertakesAMilderOneAndNotTheOtherWayRound() throws Exception {
        host.up();
        Backend backend = host.supervisor.openBackend("stays");
        host.life.shutdown(State.SMART_SHUTDOWN);
        host.await(State.SMART_SHUTDOWN);
        host.life.shutdown(State.IMMEDIATE_SHUTDOWN);
        host.life.shutdown(State.FAST_SHUTDOWN);
        host.life.shutdown(State.SMART_SHUTDOWN);
        backend.close();

        assertThat(host.ended.await(20, TimeUnit.SECONDS)).isTrue();
        host.await(State.IMMEDIATE_SHUTDOWN);
        assertThat(host.announced).isEmpty();
        assertThat(host.engine.told()).endsWith("IMMEDIATE_SHUTDOWN");
    }

    @Test
    @Tag("R84")
    void aFastShutdownUnderWayBecomesAnImmediateOne() throws Exception {
        host.up();
        CountDownLatch stubborn = stubborn();
        host.life.shutdown(State.FAST_SHUTDOWN);
        host.await(State.FAST_SHUTDOWN);

        host.life.shutdown(State.IMMEDIATE_SHUTDOWN);

        host.await(State.IMMEDIATE_SHUTDOWN);
        stubborn.countDown();
        assertThat(host.ended.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(host.engine.told()).endsWith("IMMEDIATE_SHUTDOWN");
        host.life.shutdown(State.IMMEDIATE_SHUTDOWN);
    }

    @Test
    void whatIsNoShutdownIsRefused() {
        assertThatThrownBy(() -> host.life.shutdown(State.CONSISTENT)).isInstanceOfSatisfying(ErrorException.class,
                error -> assertThat(error.data().sqlState()).isEqualTo("22023"));
    }

    @Test
    @Tag("R73")
    void aWorkerThatStopsTheHostIsNotHeldUntilItIsGoneItself() throws Exception {
        host.up();
        CountDownLatch returned = new CountDownLatch(1);
        host.run(worker -> {
            worker.interrupts().unblock();
            host.life.stop();
            returned.countDown();
            while (true) {
                worker.latch().reset();
                worker.interrupts().check();
                worker.latch().await(Latch.FOREVER, "HostLifeTest");
            }
        });

        assertThat(returned.await(20, TimeUnit.SECONDS)).isTrue();
        host.await(State.FAST_SHUTDOWN);
        host.life.stop();
        assertThat(host.engine.told()).endsWith("FAST_SHUTDOWN");
        assertThat(System.getProperty(HostLife.EXIT_STATUS)).isNull();
    }

    @Test
    void whoStopsSecondWaitsForTheFirst() throws Exception {
        host.up();
        CountDownLatch go = stubborn();
        host.framework();
        host.await(State.FAST_SHUTDOWN);
        Thread letGo = new Thread(go::countDown);
        letGo.start();

        host.life.stop();

        assertThat(host.engine.told()).endsWith("FAST_SHUTDOWN");
        letGo.join();
    }
}
