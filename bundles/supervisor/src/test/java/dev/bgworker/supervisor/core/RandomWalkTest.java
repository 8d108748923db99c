package dev.bgworker.supervisor.core;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Schedules that nobody would think of. A failing one says its seed; {@code new RandomWalk(seed)} repeats it. */
class RandomWalkTest {

    private static final int SEEDS = 300;
    private static final int STEPS = 1500;

    @Test
    @Tag("R19")
    @Tag("R22")
    @Tag("R81")
    void whateverHappensSlotsPidsAndRunsAddUp() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            RandomWalk walk = new RandomWalk(seed);
            assertThatCode(() -> walk.run(STEPS)).as("seed %d", seed).doesNotThrowAnyException();
        }
    }
}
