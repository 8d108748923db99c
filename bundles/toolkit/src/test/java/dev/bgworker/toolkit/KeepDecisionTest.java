package dev.bgworker.toolkit;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.toolkit.Deed.Launch;
import dev.bgworker.toolkit.Deed.Terminate;
import dev.bgworker.toolkit.WorkerSet.Strategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a set does next, as a function of its children: data in, data out. */
class KeepDecisionTest {

    private static final Duration PATIENCE = ofSeconds(5);

    private final Refusals<String> refusals = new Refusals<>(LoggerFactory.getLogger(KeepDecisionTest.class));
    private final Room<String> room = new Room<>();
    private final List<Child<String>> children = new ArrayList<>();
    private Duration now = ofSeconds(100);

    private Child<String> child(String key, State state) {
        Child<String> child = new Child<>(key);
        child.definition = BackgroundWorker.builder(key, "lib", "main").build();
        child.running = child.definition;
        child.state = state;
        child.startedAt = state == State.STOPPED ? null : ZERO;
        child.want(1);
        child.look(1);
        children.add(child);
        return child;
    }

    private Child<String> ready(String key) {
        Child<String> child = child(key, State.RUNNING);
        child.ready = true;
        return child;
    }

    private List<String> decided(boolean ordered) {
        return new KeepDecision<>(room, PATIENCE, ordered, refusals).of(children, now).stream()
                .map(deed -> (deed instanceof Launch ? "+" : deed instanceof Terminate ? "-" : "=") + deed.child().key)
                .toList();
    }

    @Test
    void launchesWhatIsMissingAndEndsWhatIsNotWanted() {
        child("a", State.STOPPED);
        child("b", State.RUNNING);
        child("c", State.RUNNING).look(2);

        assertThat(decided(false)).containsExactly("-c", "+a");
    }

    @Test
    void tellsEachOnceAndWhatWasGivenUpOnceMore() {
        child("a", State.STOPPING).told = true;
        children.get(0).look(2);
        child("b", State.ABANDONED).told = true;

        assertThat(decided(false)).containsExactly("-b");
    }

    @Test
    void leavesAloneWhatAnOperatorOrItsPolicyHasParked() {
        for (State each : List.of(State.PAUSED, State.FAILED, State.BACKOFF, State.WAITING)) {
            child(each.name(), each);
        }

        assertThat(decided(false)).isEmpty();
        children.forEach(each -> each.definition = BackgroundWorker.builder("other", "lib", "main").build());
        assertThat(decided(false)).containsExactly("-WAITING", "-BACKOFF", "-FAILED");
    }

    @Test
    @Tag("R237")
    void launchesNothingBeforeItsTime() {
        child("a", State.STOPPED).notBefore = now.plusMillis(1);

        assertThat(decided(false)).isEmpty();
        now = now.plusMillis(1);
        assertThat(decided(false)).containsExactly("+a");
    }

    @Test
    @Tag("R232")
    void givesTheTurnToWhoHasNotRunForLongest() {
        room.limit(2, key -> "");
        child("a", State.STOPPED).startedAt = ofSeconds(20);
        child("b", State.STOPPED).startedAt = ofSeconds(10);
        child("c", State.STOPPED);

        assertThat(decided(false)).containsExactly("+c", "+b");
    }

    @Test
    void inAnOrderStartsOneAfterTheOther() {
        Child<String> first = child("a", State.STOPPED);
        child("b", State.STOPPED);
        assertThat(decided(true)).containsExactly("+a");

        first.state = State.RUNNING;
        first.startedAt = now;
        assertThat(decided(true)).isEmpty();
        first.ready = true;
        assertThat(decided(true)).containsExactly("+b");
    }

    @Test
    void inAnOrderWaitsForNobodyForEver() {
        child("not ready for long", State.RUNNING).startedAt = now.minus(PATIENCE);
        child("paused", State.PAUSED);
        child("failed", State.FAILED);
        child("without its library", State.WAITING);
        child("cannot be registered", State.STOPPED).invalid = true;
        child("done", State.STOPPED).done = true;
        children.get(5).notBefore = now.plusMillis(1);
        child("next", State.STOPPED);

        assertThat(decided(true)).containsExactly("+next");
    }

    @Test
    void inAnOrderStopsTheLastOneFirstAndStartsNobodyMeanwhile() {
        child("a", State.STOPPED);
        Child<String> second = ready("b");
        Child<String> third = ready("c");
        second.restartsFor = "a";
        third.restartsFor = "a";

        assertThat(decided(true)).containsExactly("-c");
        third.told = true;
        assertThat(decided(true)).isEmpty();
        third.restartsFor = "";
        third.state = State.STOPPED;
        assertThat(decided(true)).containsExactly("-b");
        second.restartsFor = "";
        second.state = State.STOPPED;
        assertThat(decided(true)).containsExactly("+a");
    }

    @Test
    void deadOneThatComesBackBeforeItsTurnGoesOnceMore() {
        Child<String> first = child("a", State.STARTING);
        Child<String> dead = ready("b");
        first.startedAt = now;
        dead.comesBack = true;

        assertThat(decided(true)).containsExactly("-b");
        first.state = State.RUNNING;
        first.ready = true;
        assertThat(decided(true)).containsExactly("=b");
    }

    @Test
    void deathIsSharedAsTheStrategySays() {
        Child<String> first = ready("a");
        Child<String> dead = child("b", State.BACKOFF);
        Child<String> last = ready("c");

        Siblings.share(Strategy.ONE_FOR_ONE, dead, children);
        assertThat(children).allMatch(each -> each.restartsFor.isEmpty());
        Siblings.share(Strategy.REST_FOR_ONE, dead, children);
        assertThat(children).filteredOn(each -> !each.restartsFor.isEmpty()).containsExactly(last);
        Siblings.share(Strategy.ONE_FOR_ALL, dead, children);
        assertThat(children).filteredOn(each -> !each.restartsFor.isEmpty()).containsExactly(first, last);
    }

    /** OTP's {@code in_period}: a death just as old as the period still counts. */
    @Test
    void intensityCountsTheDeathsWithinThePeriod() {
        Deaths deaths = new Deaths(1, ofSeconds(10));

        assertThat(deaths.tooMany(ofSeconds(0))).isFalse();
        assertThat(deaths.tooMany(ofSeconds(11))).isFalse();
        assertThat(deaths.tooMany(ofSeconds(21))).isTrue();
        assertThat(new Deaths(0, ofSeconds(10)).tooMany(ZERO)).isTrue();
    }
}
