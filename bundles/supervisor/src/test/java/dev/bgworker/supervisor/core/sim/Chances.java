package dev.bgworker.supervisor.core.sim;

/**
 * How likely each fault is in one schedule. Each schedule leaves out many of them, so that the others are met in combinations
 * that a mixture of all would drown.
 *
 * @param stuck that who has a lock never gives it back by himself
 * @param pause that the loop comes to an event late, as after a suspended host
 */
record Chances(double launchFails, double slow, double crash, double exit, double ignoresTerm, double ignoresQuit,
        double critical, double usesMemory, double stuck, double endsAfterAll, double rebuildFails, double pause,
        double reuse, double stale) {

    static Chances of(Dice dice) {
        return new Chances(some(dice, 0.3), some(dice, 0.3), some(dice, 0.3), dice.share(), some(dice, 0.6),
                some(dice, 0.6), some(dice, 0.5), some(dice, 0.9), some(dice, 0.3), 0.3 + 0.7 * dice.share(),
                dice.chance(0.1) ? 0.3 : 0, some(dice, 0.02),
                some(dice, 0.7), some(dice, 0.3));
    }

    private static double some(Dice dice, double most) { return dice.chance(0.4) ? 0 : most * dice.share(); }

    /** Phase two: no faults any more. */
    static Chances healed() {
        return new Chances(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0);
    }
}
