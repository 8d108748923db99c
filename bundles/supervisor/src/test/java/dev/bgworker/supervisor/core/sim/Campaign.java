package dev.bgworker.supervisor.core.sim;

import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/** Many seeds. As a function it tells the first that fails of so many, so that another class loader's can be called. */
final class Campaign implements LongFunction<String> {

    /** What a line of a trace that tells so begins with. */
    static final String BROKEN = "BROKEN ";

    /** What broke and at which seed; null when none of seeds 1 to this one breaks anything. */
    @Override
    public String apply(long seeds) {
        return LongStream.rangeClosed(1, seeds).mapToObj(Campaign::failure).filter(text -> text != null).findFirst()
                .orElse(null);
    }

    /** As {@link #apply}, with all cores. */
    String parallel(long seeds) {
        return LongStream.rangeClosed(1, seeds).parallel().mapToObj(Campaign::failure).filter(text -> text != null)
                .findFirst().orElse(null);
    }

    private static String failure(long seed) {
        try {
            new Simulation(seed, false).run();
            return null;
        } catch (Broken e) {
            return "seed " + seed + ": " + e.getMessage();
        }
    }

    /** Once more, with each event and decision as a line; the last one tells what broke, if anything did. */
    static List<String> trace(long seed) {
        Simulation simulation = new Simulation(seed, true);
        try {
            simulation.run();
        } catch (Broken e) {
            simulation.trace().add(BROKEN + e.getMessage());
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                simulation.trace().add(BROKEN + cause + " at " + List.of(cause.getStackTrace()));
            }
        }
        return simulation.trace();
    }
}
