package dev.bgworker.toolkit.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** The one source of chance of a schedule: the same seed gives the same throws. Not thread-safe. */
final class Dice {

    private final SplittableRandom random;

    Dice(long seed) { this.random = new SplittableRandom(seed); }

    /** Evenly from 0 to 1. */
    double share() { return random.nextDouble(); }

    boolean chance(double share) { return random.nextDouble() < share; }

    /** 0 to one below the bound. */
    int below(int bound) { return random.nextInt(bound); }

    /** In whole milliseconds, so that things often happen at the same moment. */
    Duration upTo(Duration longest) {
        return Duration.ofMillis(random.nextLong(longest.toMillis() + 1));
    }

    @SafeVarargs
    final <T> T one(T... all) { return all[random.nextInt(all.length)]; }

    <T> T one(List<T> all) { return all.get(random.nextInt(all.size())); }

    /** The collection's order must not depend on hash codes of objects, or a seed would not repeat. */
    <T> Optional<T> any(Collection<T> all) {
        return all.isEmpty() ? Optional.empty() : Optional.of(one(new ArrayList<>(all)));
    }
}
