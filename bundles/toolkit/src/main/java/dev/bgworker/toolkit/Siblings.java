package dev.bgworker.toolkit;

import dev.bgworker.toolkit.WorkerSet.Strategy;
import java.util.List;

/** Who shares a death, as OTP's supervisor has it. A function of the order alone; it leaves marks in the children. */
final class Siblings {

    private Siblings() {}

    /** @param children in the order in which they are started */
    static <K> void share(Strategy strategy, Child<K> dead, List<Child<K>> children) {
        if (strategy == Strategy.ONE_FOR_ONE || !dead.wanted()) {
            return;
        }
        dead.comesBack = true;
        boolean after = strategy == Strategy.ONE_FOR_ALL;
        for (Child<K> each : children) {
            if (each == dead) {
                after = true;
            } else if (after && each.wanted() && each.isRegistered()) {
                each.restartsFor = dead.toString();
            }
        }
    }
}
