package dev.bgworker.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.control.WorkerEvent.Kind;
import dev.bgworker.api.process.Held;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Listeners, called when the test says so. */
class WorkerCellTest {

    private static final WorkerDetails DETAILS = new WorkerDetails(Host.definition("w").build(), 0, 1, Status.STARTED,
            State.RUNNING, "", 1, false, -1, Optional.empty(), 0, Optional.empty(), "test");

    private final Deque<Runnable> threads = new ArrayDeque<>();
    private final WorkerCell cell = new WorkerCell(null, DETAILS, threads::add);
    private final List<Kind> heard = new ArrayList<>();

    private void tell(Kind... kinds) {
        for (Kind kind : kinds) {
            cell.tell(new WorkerEvent(kind, Instant.EPOCH, null, DETAILS));
        }
    }

    @Test
    @Tag("R76")
    void eachListenerHearsTheLastEventAndThenEachOneInOrderOnAThreadOfItsOwn() {
        tell(Kind.STARTED, Kind.READY);
        cell.subscribe(event -> {});
        cell.subscribe(event -> heard.add(event.kind()));
        tell(Kind.EXITED, Kind.STARTED);

        assertThat(threads).hasSize(2);
        threads.removeLast().run();

        assertThat(heard).containsExactly(Kind.READY, Kind.EXITED, Kind.STARTED);
    }

    @Test
    void aClosedListenerHearsNothingThatWasOnItsWay() {
        Held listening = cell.subscribe(event -> heard.add(event.kind()));
        tell(Kind.STARTED);
        listening.close();
        tell(Kind.EXITED);

        threads.forEach(Runnable::run);

        assertThat(heard).isEmpty();
    }
}
