package dev.bgworker.schedules;

import java.util.SplittableRandom;

/** One schedule, by a seed. */
final class ByChance implements Choices {

    private final SplittableRandom dice;
    private final double odds;

    ByChance(long seed) {
        dice = new SplittableRandom(seed);
        odds = 1.0 / (2 << dice.nextInt(6));
    }

    @Override
    public int pick(int options, int free, String where) {
        boolean costs = options > free && dice.nextDouble() < odds;
        return costs ? free + dice.nextInt(options - free) : dice.nextInt(free);
    }
}
