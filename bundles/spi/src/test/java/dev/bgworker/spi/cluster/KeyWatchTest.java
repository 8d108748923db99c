package dev.bgworker.spi.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyWatchTest {

    private Set<Long> writers = Set.of(1L, 2L);
    private boolean busy;
    private Runnable meanwhile = () -> {};
    private final List<KeyWatch> closed = new ArrayList<>();
    private final KeyWatch watch = new KeyWatch(this::found, closed::add);

    private Optional<Set<Long>> found() {
        Set<Long> now = writers;
        meanwhile.run();
        return busy ? Optional.empty() : Optional.of(now);
    }

    @Test
    void nobodyIsSuspectBeforeItHasLooked() { assertThat(watch.suspects()).isEmpty(); }

    @Test
    void whoHasWrittenIsSuspectUntilHeCommits() {
        watch.look();
        assertThat(watch.suspects()).containsExactlyInAnyOrder(1L, 2L);

        watch.ended(2, true);
        assertThat(watch.suspects()).containsExactly(1L);
    }

    @Test
    void whoWritesLaterIsNotSuspectSinceItWasRefusedBefore() {
        watch.look();
        writers = Set.of(1L, 3L);
        watch.look();

        assertThat(watch.suspects()).containsExactly(1L);
    }

    @Test
    void afterARollbackAllAreSuspectAnew() {
        watch.look();
        watch.ended(1, false);
        assertThat(watch.suspects()).isEmpty();

        writers = Set.of(2L, 3L);
        watch.look();
        assertThat(watch.suspects()).containsExactlyInAnyOrder(2L, 3L);
    }

    @Test
    void whenNoneIsLeftAllAreSuspectAnew() {
        watch.look();
        watch.ended(1, true);
        watch.ended(2, true);
        writers = Set.of(3L);
        watch.look();

        assertThat(watch.suspects()).containsExactly(3L);
    }

    @Test
    void whoCommitsWhileItLooksIsNotSuspect() {
        meanwhile = () -> watch.ended(2, true);
        watch.look();

        assertThat(watch.suspects()).containsExactly(1L);
    }

    @Test
    void whoRollsBackWhileItLooksHasItLookAgain() {
        meanwhile = () -> watch.ended(2, false);
        watch.look();
        assertThat(watch.suspects()).isEmpty();

        meanwhile = () -> {};
        writers = Set.of(1L, 3L);
        watch.look();
        assertThat(watch.suspects()).containsExactlyInAnyOrder(1L, 3L);
    }

    @Test
    void itLooksAgainWhenNobodyCouldSay() {
        busy = true;
        watch.look();
        assertThat(watch.suspects()).isEmpty();

        busy = false;
        watch.look();
        assertThat(watch.suspects()).containsExactlyInAnyOrder(1L, 2L);
    }

    @Test
    void itIsWokenByASuspectAndByNobodyElse() throws Exception {
        watch.look();
        watch.ended(7, true);
        assertThat(watch.await(1)).isFalse();

        watch.ended(1, true);
        assertThat(watch.await(1)).isTrue();
        watch.look();
        assertThat(watch.await(1)).isFalse();
    }

    @Test
    void itIsForgottenWhenClosed() {
        watch.close();

        assertThat(closed).containsExactly(watch);
    }
}
