package dev.bgworker.toolkit.sim;

import dev.bgworker.toolkit.WorkerSet.Strategy;
import java.time.Duration;

/** How one schedule's set was made. */
record Plan(int limit, int perGroup, Strategy strategy, int intensity, Duration period, Duration retryInterval) {

    /** Nothing is limited. */
    static final int NO_LIMIT = 100;

    static Plan of(Dice dice) {
        return new Plan(dice.chance(0.5) ? NO_LIMIT : 1 + dice.below(6), dice.chance(0.7) ? NO_LIMIT : 1 + dice.below(3),
                dice.one(Strategy.ONE_FOR_ONE, Strategy.REST_FOR_ONE, Strategy.ONE_FOR_ALL),
                dice.chance(0.5) ? Integer.MAX_VALUE : dice.below(6),
                dice.one(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(2)),
                dice.one(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(5)));
    }

    boolean ordered() { return strategy != Strategy.ONE_FOR_ONE; }
}
