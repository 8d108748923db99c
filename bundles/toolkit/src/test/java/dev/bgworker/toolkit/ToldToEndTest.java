package dev.bgworker.toolkit;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.BackgroundWorkers.NoWorkerSlotException;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

/** What an exit with status 0 means in an order: data in, data out. */
class ToldToEndTest {

    private static final Duration RETRY_INTERVAL = ofSeconds(5);

    private final Refusals<String> refusals = new Refusals<>(LoggerFactory.getLogger(ToldToEndTest.class));
    private final Duration now = ofSeconds(100);
    private final Child<String> first = running("a");
    private final Child<String> next = new Child<>("b");

    private static Child<String> running(String key) {
        Child<String> child = new Child<>(key);
        child.definition = BackgroundWorker.builder(key, "library of " + key, "main").build();
        child.running = child.definition;
        child.state = State.RUNNING;
        child.startedAt = ofSeconds(90);
        return child;
    }

    /** The first exits with status 0, and cannot be launched again yet, since its library is at its quota. */
    private List<Deed<String>> decidedAfterItsExit() {
        next.definition = running("b").definition;
        List.of(first, next).forEach(each -> {
            each.want(1);
            each.look(1);
        });
        first.left(new WorkerDetails(first.definition, -1, 1, Status.STOPPED, State.STOPPED, "", 0, true, 0,
                Optional.empty(), 0, Optional.empty(), "test"), now, RETRY_INTERVAL);
        refusals.noSlot(first, new NoWorkerSlotException(1, 1, "max_worker_processes_per_library"),
                now.plus(RETRY_INTERVAL));
        return new KeepDecision<>(new Room<String>(), RETRY_INTERVAL, true, refusals).of(List.of(first, next), now);
    }

    @Test
    void whoWasToldToEndIsNotDoneAndHoldsUpThoseAfterIt() {
        first.told = true;

        assertThat(decidedAfterItsExit()).isEmpty();
    }

    @Test
    void whoIsDoneHoldsUpNobody() { assertThat(decidedAfterItsExit()).containsExactly(new Deed.Launch<>(next)); }
}
