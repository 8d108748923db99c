package dev.bgworker.supervisor.core;

import static dev.bgworker.supervisor.core.VirtualHost.state;
import static dev.bgworker.supervisor.core.VirtualHost.worker;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.supervisor.core.Action.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a policy has beyond one fixed delay. */
class RestartPolicyTest {

    private static final RestartPolicy TWO_FOLD = new RestartPolicy(ofSeconds(1), 2, ofSeconds(10), 0, ofSeconds(60), 0,
            Duration.ZERO);

    private final VirtualHost host = VirtualHost.up(8);

    /** Has it fail after that time, and says how long it is to wait. */
    private Duration failsAfter(Registration worker, Duration time) {
        host.after(time);
        host.exits(worker, 1);
        Duration delay = Duration.between(host.now, worker.details().nextStart().orElseThrow());
        host.after(delay);
        host.begins(worker);
        return delay;
    }

    @Test
    @Tag("R48")
    void theDelayGrowsByItsFactorUpToItsCap() {
        Registration worker = host.running(worker("a").restart(TWO_FOLD).build());
        List<Long> delays = new ArrayList<>();

        for (int i = 0; i < 6; i++) {
            delays.add(failsAfter(worker, ofSeconds(1)).toSeconds());
        }

        assertThat(delays).containsExactly(1L, 2L, 4L, 8L, 10L, 10L);
    }

    @Test
    void aHealthyRunStartsOverWithTheDelay() {
        Registration worker = host.running(worker("a").restart(TWO_FOLD).build());
        failsAfter(worker, ofSeconds(1));
        failsAfter(worker, ofSeconds(1));

        assertThat(failsAfter(worker, ofSeconds(60).minus(ofMillis(1)))).isEqualTo(ofSeconds(4));
        assertThat(failsAfter(worker, ofSeconds(60))).isEqualTo(ofSeconds(1));
        assertThat(failsAfter(worker, ofSeconds(1))).isEqualTo(ofSeconds(2));
    }

    @Test
    void jitterVariesADelayByItsShare() {
        RestartPolicy policy = new RestartPolicy(ofSeconds(10), 1, ofSeconds(10), 0.2, Duration.ZERO, 0, Duration.ZERO);
        Failures failures = new Failures();

        assertThat(failures.failed(host.now, policy, () -> 0)).contains(host.now.plusSeconds(8));
        assertThat(failures.failed(host.now, policy, () -> 0.5)).contains(host.now.plusSeconds(10));
        assertThat(failures.failed(host.now, policy, () -> 1)).contains(host.now.plusSeconds(12));
    }

    @Test
    void theDelayOfTheDefaultPolicyNeverChanges() {
        Registration worker = host.running(worker("a").build());

        assertThat(failsAfter(worker, ofSeconds(1))).isEqualTo(ofSeconds(5));
        assertThat(failsAfter(worker, ofSeconds(1))).isEqualTo(ofSeconds(5));
        assertThat(failsAfter(worker, ofSeconds(1))).isEqualTo(ofSeconds(5));
    }

    @Test
    void tooManyStartsWithinTheWindowAreFailedUntilResumed() {
        Registration worker = host
                .running(worker("a").restart(RestartPolicy.after(ofSeconds(1)).limit(3, ofSeconds(60))).build());
        failsAfter(worker, ofSeconds(1));
        failsAfter(worker, ofSeconds(1));
        host.after(ofSeconds(1));
        host.actions();

        host.exits(worker, 1);

        assertThat(state(worker)).isEqualTo(WorkerDetails.State.FAILED);
        assertThat(worker.details().reason()).isEqualTo("3 starts within 60 s were too many: boom");
        assertThat(worker.slot).isZero();
        assertThat(host.actions(Action.Say.class)).anyMatch(said -> said.level() == Level.WARNING
                && said.text().contains("FAILED") && said.text().contains("3 starts within 60 s"));
        host.after(Duration.ofDays(1));
        assertThat(host.launches()).isEmpty();

        host.supervision.resume(worker);
        assertThat(host.launches()).containsExactly("a");
        host.begins(worker);
        failsAfter(worker, ofSeconds(1));
        assertThat(state(worker)).isEqualTo(WorkerDetails.State.RUNNING);
    }

    @Test
    void startsThatAreOlderThanTheWindowDoNotCount() {
        Registration worker = host
                .running(worker("a").restart(RestartPolicy.after(ofSeconds(1)).limit(2, ofSeconds(60))).build());
        failsAfter(worker, ofSeconds(60));
        host.after(ofSeconds(60));

        host.exits(worker, 1);

        assertThat(state(worker)).isEqualTo(WorkerDetails.State.BACKOFF);
    }

    @Test
    void oneThatFailedComesBackByRestartAndByAnotherDefinition() {
        RestartPolicy once = RestartPolicy.after(ofSeconds(1)).limit(1, ofSeconds(60));
        host.current(worker("a").restart(once).build());
        Registration worker = host.named("a");
        host.begins(worker);
        host.exits(worker, 1);
        assertThat(state(worker)).isEqualTo(WorkerDetails.State.FAILED);
        host.actions();

        host.supervision.restart(worker);
        assertThat(host.launches()).containsExactly("a");
        host.begins(worker);
        host.exits(worker, 1);
        assertThat(state(worker)).isEqualTo(WorkerDetails.State.FAILED);

        host.current(worker("a").type("changed").restart(once).build());
        assertThat(host.launches()).containsExactly("a");
    }

    @Test
    @Tag("R46")
    void aFailureThatRepeatsItselfIsToldOnceAndThenCounted() {
        Registration worker = host.running(worker("a").restart(RestartPolicy.after(ofSeconds(1))).build());
        host.actions();

        for (int i = 0; i < 20; i++) {
            failsAfter(worker, ofSeconds(1));
        }

        List<String> said = host.actions(Action.Say.class).stream().filter(each -> each.level() != Level.DEBUG1)
                .map(Action.Say::text).toList();
        assertThat(said).hasSize(5);
        assertThat(said.get(0)).contains("exited with exit code 1");
        assertThat(said.subList(1, 5)).extracting(text -> text.replaceAll("\\D+", " ").trim())
                .containsExactly("2", "4", "8", "16");
    }
}
