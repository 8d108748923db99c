package dev.bgworker.schedules;

import java.nio.file.Path;
import java.util.List;

/** One scenario through many schedules. One thread. */
final class Campaign {

    // Of HeldLocks, what others than the owner read matters only where somebody is given up.
    private static final List<String> INSTRUMENTED = List.of("dev.bgworker.ipc.memory.Bytes",
            "dev.bgworker.ipc.lwlock.OwnLWLock", "dev.bgworker.ipc.lwlock.WaitList", "dev.bgworker.ipc.lwlock.LockWord",
            "dev.bgworker.ipc.condition.", "dev.bgworker.ipc.mq.", "dev.bgworker.supervisor.process.OwnLatch",
            "dev.bgworker.supervisor.process.RealMachine",
            "dev.bgworker.schedules.scenario.");

    /** @param failure null when all schedules held */
    record Result(long schedules, boolean all, Throwable failure) {}

    private final Stage stage;
    private final int preemptions;

    /**
     * @param instead where classes are looked for first; null for nowhere
     * @param more what this scenario is to see beside what all see, by prefix
     */
    Campaign(String scenario, Path instead, boolean spurious) throws ReflectiveOperationException {
        Scenario loaded = load(scenario, instead, List.of());
        List<String> more = loaded.sees();
        this.stage = new Stage(more.isEmpty() ? loaded : load(scenario, instead, more), spurious);
        this.preemptions = loaded.preemptions();
    }

    private static Scenario load(String scenario, Path instead, List<String> more) throws ReflectiveOperationException {
        ClassLoader loader = new InstrumentedClasses(instead,
                name -> INSTRUMENTED.stream().anyMatch(name::startsWith) || more.stream().anyMatch(name::startsWith));
        var constructor = loader.loadClass("dev.bgworker.schedules.scenario." + scenario).getDeclaredConstructor();
        constructor.setAccessible(true);
        return (Scenario) constructor.newInstance();
    }

    /** All of them within the scenario's number of preemptions and so many more, or as many as fit into the time. */
    Result exhaustive(int more, long nanos) throws Exception {
        long end = System.nanoTime() + nanos;
        Exhaustive choices = new Exhaustive(preemptions + more);
        long played = 0;
        do {
            played++;
            Throwable failure = stage.play(choices);
            if (failure != null) {
                return new Result(played, false, failure);
            } else if (System.nanoTime() > end) {
                return new Result(played, false, null);
            }
        } while (choices.next());
        return new Result(played, true, null);
    }

    Result byChance(long firstSeed, long nanos) throws Exception {
        long end = System.nanoTime() + nanos;
        long seed = firstSeed;
        do {
            Throwable failure = stage.play(new ByChance(seed++));
            if (failure != null) {
                return new Result(seed - firstSeed, false, new AssertionError("seed " + (seed - 1), failure));
            }
        } while (System.nanoTime() < end);
        return new Result(seed - firstSeed, false, null);
    }
}
