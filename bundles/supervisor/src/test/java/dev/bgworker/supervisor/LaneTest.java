package dev.bgworker.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** On a pool whose threads run when the test says so. */
class LaneTest {

    private final Deque<Runnable> threads = new ArrayDeque<>();
    private final Lane lane = new Lane(threads::add);
    private final List<Integer> done = new ArrayList<>();

    private void runAll() {
        while (!threads.isEmpty()) {
            threads.remove().run();
        }
    }

    @Test
    void runsInOrderAndOnOneThreadAtATime() {
        lane.execute(() -> {
            done.add(1);
            lane.execute(() -> done.add(3));
            assertThat(threads).isEmpty();
        });
        lane.execute(() -> done.add(2));
        assertThat(threads).hasSize(1);

        runAll();

        assertThat(done).containsExactly(1, 2, 3);
    }

    @Test
    void takesAThreadAgainAfterARest() {
        lane.execute(() -> done.add(1));
        runAll();
        lane.execute(() -> done.add(2));
        runAll();

        assertThat(done).containsExactly(1, 2);
    }

    @Test
    void whatFailsDoesNotTakeAlongWhatIsBehindIt() {
        lane.execute(() -> {
            throw new StackOverflowError();
        });
        lane.execute(() -> done.add(2));

        assertThatThrownBy(this::runAll).isInstanceOf(StackOverflowError.class);
        runAll();

        assertThat(done).containsExactly(2);
    }

    @Test
    void triesAgainWhenThereWasNoThread() {
        List<Runnable> given = new ArrayList<>();
        Lane refused = new Lane(task -> {
            given.add(task);
            if (given.size() == 1) {
                throw new RejectedExecutionException("no thread");
            }
            task.run();
        });

        assertThatThrownBy(() -> refused.execute(() -> done.add(1))).hasMessage("no thread");
        refused.execute(() -> done.add(2));

        assertThat(done).containsExactly(1, 2);
    }
}
