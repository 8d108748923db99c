package dev.bgworker.spi.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyWatchTest {

    private static final long LONG_TIME = 1_000;

    private Set<Long> writers = Set.of(1L, 2L);
    private boolean busy;
    private Runnable meanwhile = () -> {};
    private long now = 50;
    private int looks;
    private final List<KeyWatch> closed = new ArrayList<>();
    private final KeyWatch watch = new KeyWatch(this::found, () -> now, LONG_TIME, closed::add);

    private Optional<Set<Long>> found() {
        looks++;
        Set<Long> then = writers;
        meanwhile.run();
        return busy ? Optional.empty() : Optional.of(then);
    }

    private void refused() {
        watch.tries();
        watch.refused();
    }

    @Test
    void nobodyIsSuspectBeforeItWasRefusedWhileItWatched() { assertThat(watch.suspects()).isEmpty(); }

    @Test
    void allThatHaveWrittenAreSuspectAsLongAsNoneEnds() {
        refused();
        assertThat(watch.suspects()).containsExactlyInAnyOrder(1L, 2L);

        writers = Set.of(1L, 2L, 3L);
        refused();
        assertThat(watch.suspects()).as("the one who has it is still one of them").containsExactlyInAnyOrder(1L, 2L);
        assertThat(looks).isEqualTo(1);

        watch.ended(7, true);
        assertThat(watch.suspects()).hasSize(2);
    }

    /** He may have had the key, and a newcomer has it now who is none of them. */
    @Test
    void onceOneEndsNothingIsCertainUntilItIsRefusedAgain() {
        refused();
        watch.ended(1, true);
        assertThat(watch.suspects()).isEmpty();

        writers = Set.of(2L, 3L);
        refused();
        assertThat(watch.suspects()).containsExactlyInAnyOrder(2L, 3L);

        watch.ended(3, false);
        assertThat(watch.suspects()).as("a rollback to a savepoint").isEmpty();
    }

    @Test
    void nothingIsCertainWhenAnybodyEndsBetweenTheTryAndTheLook() {
        watch.tries();
        watch.ended(9, true);
        watch.refused();
        assertThat(watch.suspects()).isEmpty();

        meanwhile = () -> watch.ended(2, true);
        refused();
        assertThat(watch.suspects()).isEmpty();

        meanwhile = () -> {};
        refused();
        assertThat(watch.suspects()).hasSize(2);
    }

    @Test
    void nothingIsCertainWhileNobodyCanSay() {
        busy = true;
        refused();
        assertThat(watch.suspects()).isEmpty();

        busy = false;
        refused();
        assertThat(watch.suspects()).containsExactlyInAnyOrder(1L, 2L);
    }

    @Test
    void afterALongTimeThoseAreSuspectThatWereThereAllTheTime() {
        writers = Set.of(1L, 2L, 3L, 4L);
        meanwhile = () -> watch.ended(4, true);
        refused();
        meanwhile = () -> watch.ended(9, true);
        watch.ended(2, true);
        watch.ended(3, false);
        writers = Set.of(1L, 3L, 5L);
        refused();
        now += LONG_TIME - 1;
        assertThat(watch.suspects()).isEmpty();

        now++;
        assertThat(watch.suspects()).containsExactlyInAnyOrder(1L, 3L);
    }

    @Test
    void itIsWokenByOneThatItMayWaitForAndByNobodyElse() throws Exception {
        refused();
        watch.ended(7, true);
        assertThat(watch.await(1)).isFalse();

        watch.ended(1, true);
        assertThat(watch.await(1)).isTrue();
        watch.tries();
        assertThat(watch.await(1)).isFalse();
        watch.ended(7, true);
        assertThat(watch.await(1)).as("he may have had it when it tried").isTrue();
    }

    @Test
    void whoWaitsIsWokenAtOnce() throws Exception {
        refused();
        Thread ends = new Thread(() -> {
            while (Thread.currentThread().isAlive() && closed.isEmpty()) {
                watch.ended(1, true);
                Thread.onSpinWait();
            }
        });
        ends.start();
        assertThat(watch.await(60_000)).isTrue();
        watch.close();
        ends.join();
    }

    @Test
    void itIsForgottenWhenClosed() {
        watch.close();

        assertThat(closed).containsExactly(watch);
    }
}
