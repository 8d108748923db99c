package dev.bgworker.supervisor.core;

import static dev.bgworker.supervisor.core.VirtualHost.never;
import static dev.bgworker.supervisor.core.VirtualHost.state;
import static dev.bgworker.supervisor.core.VirtualHost.status;
import static dev.bgworker.supervisor.core.VirtualHost.worker;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.supervisor.core.Action.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RestartTest {

    private final VirtualHost host = VirtualHost.up(8);

    @Test
    @Tag("R44")
    @Tag("R45")
    @Tag("R32")
    void exitZeroUnregistersAndIsNoNews() {
        Registration worker = host.running(worker("a").restart(RestartPolicy.after(ZERO)).build());

        host.exits(worker, 0);
        assertThat(host.actions(Action.Say.class)).isNotEmpty().allMatch(said -> said.level() == Level.DEBUG1);
        host.after(ofSeconds(100));

        assertThat(host.launches()).isEmpty();
        assertThat(host.supervision.registered()).isEmpty();
        assertThat(host.supervision.slotsInUse()).isZero();
        assertThat(worker.details().exitStatus()).isZero();
    }

    @Test
    @Tag("R46")
    @Tag("R32")
    @Tag("R48")
    @Tag("R229")
    void exitOneIsRestartedWhenTheDelayIsOverAndNotBefore() {
        Registration worker = host.running("a");
        host.now = host.now.plus(ofMillis(250));
        String line = "background worker \"a\" (PID " + worker.pid + ") exited with exit code 1";

        host.exits(worker, 1);

        assertThat(host.actions(Action.Say.class)).anyMatch(said -> said.level() == Level.LOG
                && said.text().equals(line) && said.error().isEmpty());
        assertThat(status(worker)).isEqualTo(Status.STOPPED);
        assertThat(worker.details().nextStart()).contains(host.now.plusSeconds(5));
        assertThat(host.supervision.nextWake()).contains(host.now.plusSeconds(5));
        host.after(ofSeconds(5).minus(ofNanos(1)));
        assertThat(host.launches()).isEmpty();
        host.after(ofNanos(1));
        assertThat(host.launches()).containsExactly("a");
    }

    @Test
    @Tag("R222")
    @Tag("R229")
    void theLineOfAFailureSaysWhatItRanLast() {
        Registration worker = host.running("a");

        long pid = worker.pid;
        host.supervision.exited(pid, new Exit(1, Optional.empty()).whileRunning("SELECT 1"));

        assertThat(host.actions(Action.Say.class)).extracting(Action.Say::text)
                .contains("background worker \"a\" (PID " + pid
                        + ") exited with exit code 1; failed process was running: SELECT 1");
    }

    @Test
    @Tag("R46")
    void oneThatIsNeverRestartedIsUnregisteredByExitOne() {
        Registration worker = host.running(never("a"));

        host.exits(worker, 1);

        assertThat(state(worker)).isEqualTo(WorkerDetails.State.STOPPED);
        assertThat(host.supervision.slotsInUse()).isZero();
        assertThat(worker.details().exitStatus()).isOne();
    }

    @Test
    @Tag("R47")
    void anyOtherStatusOfOneWithoutSharedMemoryIsAFailureToo() {
        Registration worker = host.running(worker("a").flags(Set.of()).build());

        host.exits(worker, 42);

        assertThat(state(worker)).isEqualTo(WorkerDetails.State.BACKOFF);
        assertThat(worker.details().exitStatus()).isEqualTo(42);
    }

    @Test
    @Tag("R48")
    void delayZeroRestartsAtOnce() {
        Registration worker = host.running(worker("a").restart(RestartPolicy.after(ZERO)).build());
        host.after(ofMillis(10));

        host.exits(worker, 1);
        host.supervision.tick();

        assertThat(host.launches()).containsExactly("a");
    }

    @Test
    @Tag("R48")
    void delayZeroBurnsNoCore() {
        Registration worker = host.running(worker("a").restart(RestartPolicy.after(ZERO)).build());

        host.exits(worker, 1);

        assertThat(host.launches()).isEmpty();
        assertThat(worker.details().nextStart()).contains(host.now.plusMillis(10));
        host.after(ofMillis(10));
        assertThat(host.launches()).containsExactly("a");
    }

    @Test
    @Tag("R4")
    void theLongestDelayIsCountedInSixtyFourBits() {
        Registration worker = host.running(worker("a").restart(RestartPolicy.after(ofSeconds(86_400_000))).build());
        host.exits(worker, 1);
        host.actions();

        host.after(ofSeconds(86_399_999));
        assertThat(host.launches()).isEmpty();
        host.after(ofSeconds(1));

        assertThat(host.launches()).containsExactly("a");
    }

    @Test
    @Tag("R49")
    void aRestartKeepsSlotGenerationAndDefinition() {
        host.running("before");
        Registration worker = host.running("a");
        WorkerDetails first = worker.details();
        host.exits(worker, 1);
        host.register("other");

        host.after(ofSeconds(5));

        WorkerDetails second = worker.details();
        assertThat(List.of(second.slot(), second.generation(), second.definition()))
                .isEqualTo(List.of(first.slot(), first.generation(), first.definition()));
        assertThat(second.pid()).isNotEqualTo(first.pid());
        assertThat(second.restarts()).isOne();
    }

    @Test
    @Tag("R43")
    void theNextWakeIsTheEarliestOfAllDelays() {
        Registration slow = host.running(worker("slow").restart(RestartPolicy.after(ofSeconds(60))).build());
        Registration quick = host.running(worker("quick").restart(RestartPolicy.after(ofSeconds(2))).build());
        host.exits(slow, 1);
        host.exits(quick, 1);
        assertThat(host.supervision.nextWake()).contains(host.now.plusSeconds(2));

        host.after(ofSeconds(2));

        assertThat(host.supervision.nextWake()).contains(host.now.plusSeconds(58));
    }

    @Test
    void whatEndedIsReadyNoMore() {
        Registration worker = host.running("a");
        host.supervision.reportedReady(worker.pid);
        assertThat(worker.details().ready()).isTrue();
        host.exits(worker, 1);

        host.after(Duration.ofSeconds(5));

        assertThat(worker.details().ready()).isFalse();
    }
}
