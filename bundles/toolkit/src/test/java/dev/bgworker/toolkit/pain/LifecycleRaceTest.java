package dev.bgworker.toolkit.pain;

import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.process.Interrupts.Handler;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.Breakpoint;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestWorker;
import dev.bgworker.toolkit.MainLoop;
import dev.bgworker.toolkit.WorkerSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

/** P32. Races that were found by users, each played step by step: no sleeping, no reading of logs, and the same each time. */
@ExtendWith(BgworkerExtension.class)
class LifecycleRaceTest {

    private static final WorkerMain OLD = worker -> {
        worker.interrupts().handle(Signal.TERM, Handler.FLAG);
        worker.interrupts().unblock();
        while (!worker.interrupts().pending(Signal.TERM)) {
            worker.latch().reset();
            worker.latch().await(ofHours(1), "Naps");
        }
    };
    private static final WorkerMain LOOP = worker -> MainLoop.of(worker).every(ofHours(1)).run(turn -> {});

    private final List<Object> told = new CopyOnWriteArrayList<>();

    /** A loop that looks at its flag, resets its latch, and sleeps: in this order, which is the wrong one. */
    @Test
    @Tag("P32")
    void oldWaySleepsForAnHourOnTermBetweenLookAndReset(TestHost host) {
        TestWorker worker = host.define(OLD);

        termBefore(host, worker, "Latch.reset", 1);

        assertThat(worker.details().state()).isEqualTo(State.STOPPING);
        worker.awaitIdle("Naps");
        host.advance(ofHours(1));
        assertThat(worker.awaitExit().status()).isZero();
    }

    /** The worker stands still before its nth call of that; then TERM comes, and then it goes on. */
    private static void termBefore(TestHost host, TestWorker worker, String call, int nth) {
        Breakpoint before = worker.stopBefore(call, nth);
        worker.start();
        before.await();
        worker.handle().terminateWithin(ofHours(2));
        host.settle();
        before.resume();
        host.settle();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Interrupts.unblock", "Latch.reset", "Interrupts.pending", "Interrupts.take", "Interrupts.check",
            "Scope.open", "Scope.commit", "WorkerContext.ready", "Activity.report", "Latch.await"})
    @Tag("P32")
    @Tag("R199")
    void loopEndsAtOnceWhereverTermComes(String call, TestHost host) {
        long calls = host.start(LOOP).awaitIdle().calls(call);
        assertThat(calls).as("calls before it sleeps").isPositive();
        for (int nth = 1; nth <= calls; nth++) {
            TestWorker worker = host.define(LOOP);

            termBefore(host, worker, call, nth);

            assertThat(worker.awaitExit().status()).isZero();
            assertThat(worker.details().state()).isEqualTo(State.STOPPED);
        }
    }

    /** Registrant and child, which ends while its registrant stands between registering it and looking at it. */
    private TestWorker playedWith(TestHost host, WorkerMain registrant) {
        host.function(TestHost.LIBRARY, "child", () -> child -> {});
        TestWorker worker = host.define(registrant);
        Breakpoint registered = worker.stopBefore("Activity.applicationName", 1);
        worker.start();
        registered.await();
        assertThat(HandMadeLauncher.running(host)).isEmpty();
        registered.resume();
        host.settle();
        return worker;
    }

    /** As extensions wait for a child that they need, without {@code WaitForBackgroundWorkerStartup}: until it is there. */
    @Test
    @Tag("P32")
    void oldWayWaitsForEverForOneThatExitsBetweenRegisterAndLook(TestHost host) {
        TestWorker registrant = playedWith(host, it -> {
            it.interrupts().unblock();
            BackgroundWorkerHandle child = host.workers().register(HandMadeLauncher.child("a").build());
            it.activity().applicationName("has registered it");
            while (child.details().status() != Status.STARTED) {
                WorkerSpi.sleep(it, ofMinutes(10));
            }
        });

        host.advance(ofHours(72));

        registrant.awaitIdle("WorkerSpiMain");
    }

    /** Who waits for it is not kept waiting, and the next look tells what became of it. */
    @Test
    @Tag("P32")
    @Tag("R234")
    void setKnowsWhatBecameOfOneThatExitsBetweenRegisterAndLook(TestHost host) {
        TestWorker registrant = playedWith(host, it -> {
            it.interrupts().unblock();
            WorkerSet<String> set = WorkerSet.of(it, host.workers(), key -> HandMadeLauncher.child(key).build());
            set.onEvent((key, event) -> told.add(key + " " + event.kind() + " " + event.details().exitStatus()));
            set.keep(Set.of("a"));
            it.activity().applicationName("has registered it");
            told.add(set.await("a", ofHours(1)).map(WorkerDetails::ready).orElse(false));
            set.keep(Set.of("a"));
        });

        assertThat(registrant.awaitExit().status()).isZero();
        assertThat(told).startsWith(false).endsWith("a EXITED 0");
    }
}
