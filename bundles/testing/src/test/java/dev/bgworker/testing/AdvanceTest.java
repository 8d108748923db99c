package dev.bgworker.testing;

import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.api.spi.ConnectTo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Time that is moved, and all who wait by it. */
@ExtendWith(BgworkerExtension.class)
class AdvanceTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void workerThatWakesEverySecondRunsSixtyTimesInAMinute(TestHost host) {
        Workers.createTicks(host);
        host.start(Workers.TICKS).awaitIdle("Ticks");
        assertThat(Workers.ticks(host)).isZero();

        host.advance(ofMillis(999));
        assertThat(Workers.ticks(host)).isZero();
        host.advance(ofMillis(1));
        assertThat(Workers.ticks(host)).isOne();
        host.advance(ofSeconds(59));

        assertThat(Workers.ticks(host)).isEqualTo(60);
        assertThat(host.time().now()).isEqualTo(START.plusSeconds(60));
    }

    @Test
    void eachThingThatBecomesDueHappensAtItsOwnTimeAndInOrder(TestHost host) {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        for (int every : List.of(2, 3)) {
            host.start(worker -> {
                worker.interrupts().unblock();
                while (true) {
                    worker.latch().await(ofSeconds(every), "Every" + every);
                    worker.interrupts().check();
                    order.add(every + "@" + Duration.between(START, worker.time().now()).toSeconds());
                }
            });
        }

        host.advance(ofMillis(8_500));

        assertThat(order).containsExactlyInAnyOrder("2@2", "3@3", "2@4", "3@6", "2@6", "2@8");
        assertThat(order).startsWith("2@2", "3@3", "2@4").endsWith("2@8");
    }

    @Test
    void stepIsOneTurnByTimeOrByTheLatch(TestHost host) {
        Workers.createTicks(host);
        TestWorker byTime = host.start(Workers.TICKS);
        byTime.step().step();
        assertThat(Workers.ticks(host)).isEqualTo(2);

        List<String> woken = Collections.synchronizedList(new ArrayList<>());
        TestWorker byLatch = host.start(worker -> {
            worker.interrupts().unblock();
            while (true) {
                worker.latch().await(Latch.FOREVER, "ByLatch");
                worker.latch().reset();
                worker.interrupts().check();
                woken.add("woken");
            }
        });
        byLatch.step();
        assertThat(woken).hasSize(1);
        assertThat(host.time().now()).isEqualTo(START.plusSeconds(2));
    }

    @Test
    void failedWorkerComesBackWhenItsRestartTimeIsOver(TestHost host) {
        TestWorker worker = host.start(definition("fails").restart(RestartPolicy.after(ofSeconds(5))), () -> it -> {
            throw new IllegalStateException("boom");
        });

        assertThat(worker.awaitExit().status()).isEqualTo(1);
        assertThat(worker.details().state()).isEqualTo(State.BACKOFF);
        assertThat(worker.details().nextStart()).contains(START.plusSeconds(5));
        host.advance(ofMillis(4_999));
        assertThat(worker.details().restarts()).isZero();
        host.advance(ofMillis(1));

        assertThat(worker.details().restarts()).isOne();
        assertThat(worker.awaitExit().error()).hasValueSatisfying(error -> assertThat(error.message()).contains("boom"));
    }

    private static BackgroundWorker.Builder definition(String name) {
        return BackgroundWorker.builder(name, TestHost.LIBRARY, name);
    }

    @Test
    void backOffGrowsByTheTimeThatWasSet(TestHost host) {
        RestartPolicy policy = new RestartPolicy(ofSeconds(1), 2, ofMinutes(1), 0, Duration.ZERO, 0, Duration.ZERO);
        TestWorker worker = host.start(definition("fails").restart(policy), () -> it -> {
            throw new IllegalStateException("boom");
        }).mayFail();

        host.advance(ofSeconds(1 + 2 + 4 + 8));

        assertThat(worker.details().restarts()).isEqualTo(4);
    }

    @Test
    void sleepInSqlIsAsLongAsTheTimeThatWasSet(TestHost host) {
        TestWorker worker = host.start(it -> {
            it.interrupts().unblock();
            Workers.execute(it.connect(ConnectTo.database("postgres")), "SELECT pg_sleep(3600)");
        });

        worker.awaitIdle("PgSleep");
        host.advance(ofSeconds(3_599));
        worker.awaitIdle("PgSleep");
        host.advance(ofSeconds(1));

        assertThat(worker.awaitExit().status()).isZero();
    }

    @Test
    void statementThatSleepsBeyondStatementTimeoutIsCancelled(TestHost host) {
        host.settings(Map.of("statement_timeout", "2s"));
        TestWorker worker = host.start(it -> {
            it.interrupts().unblock();
            Workers.execute(it.connect(ConnectTo.database("postgres")), "SELECT pg_sleep(3600)");
        });

        host.advance(ofSeconds(2));

        assertThat(worker.awaitExit().error()).hasValueSatisfying(error -> assertThat(error.sqlState()).isEqualTo("57014"));
    }

    @Test
    void lockTimeoutIsOverWhenTheTimeWasMoved(TestHost host) {
        host.settings(Map.of("lock_timeout", "3s"));
        TestWorker holder = host.start(it -> {
            it.interrupts().unblock();
            it.scope().lock("the one", LockMode.EXCLUSIVE);
            Workers.waitForEver(it);
        });
        holder.awaitIdle("Waits");
        TestWorker waiter = host.start(it -> {
            it.interrupts().unblock();
            it.scope().lock("the one", LockMode.EXCLUSIVE);
        });

        host.advance(ofSeconds(2));
        waiter.awaitIdle("advisory");
        host.advance(ofSeconds(1));

        assertThat(waiter.awaitExit().error()).hasValueSatisfying(error -> assertThat(error.sqlState()).isEqualTo("55P03"));
    }

    @Test
    void deadlockIsFoundWhenItsTimeHasCome(TestHost host) {
        WorkerMain[] both = {locks("a", "b"), locks("b", "a")};
        TestWorker first = host.start(both[0]).mayFail().awaitIdle("BetweenLocks");
        TestWorker second = host.start(both[1]).mayFail().awaitIdle("BetweenLocks");
        first.step();
        second.step();

        first.awaitIdle("advisory");
        host.advance(ofSeconds(1));

        List<WorkerExit> exits = List.of(first.awaitExit(), second.awaitExit());
        assertThat(exits).filteredOn(exit -> exit.error().isPresent()).singleElement()
                .satisfies(exit -> assertThat(exit.error().orElseThrow().sqlState()).isEqualTo("40P01"));
    }

    private static WorkerMain locks(String one, String other) {
        return it -> {
            it.interrupts().unblock();
            it.scope().lock(one, LockMode.EXCLUSIVE);
            it.latch().await(Latch.FOREVER, "BetweenLocks");
            it.latch().reset();
            it.scope().lock(other, LockMode.EXCLUSIVE);
        };
    }

    @Test
    void wallClockThatIsSetMovesNoWait(TestHost host) {
        Workers.createTicks(host);
        host.start(Workers.TICKS).awaitIdle();

        host.setWallClock(START.plusSeconds(86_400));
        host.settle();

        assertThat(host.time().now()).isEqualTo(START.plusSeconds(86_400));
        assertThat(Workers.ticks(host)).isZero();
        host.advance(ofSeconds(1));
        assertThat(Workers.ticks(host)).isOne();
    }

    @Test
    void waitOfOneWorkerForAnotherIsByTheTimeThatWasSet(TestHost host) {
        host.function("test", "never", () -> Workers::waitForEver);
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        TestWorker launcher = host.start(it -> {
            it.interrupts().unblock();
            var child = host.workers().register(definition("never").flags(Set.of()).build());
            seen.add(child.awaitShutdown(ofSeconds(30)).status().name());
            child.terminate();
            seen.add(child.awaitShutdown(ofSeconds(30)).status().name());
        });

        host.advance(ofSeconds(29));
        assertThat(seen).isEmpty();
        host.advance(ofSeconds(1));

        assertThat(seen).containsExactly("STARTED", "STOPPED");
        assertThat(launcher.awaitExit().status()).isZero();
    }

    @Test
    void timeDoesNotGoBack(TestHost host) {
        assertThatThrownBy(() -> host.advance(ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
    }
}
