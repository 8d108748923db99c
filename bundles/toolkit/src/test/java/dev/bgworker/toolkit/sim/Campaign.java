package dev.bgworker.toolkit.sim;

import java.util.List;
import java.util.Objects;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/** Many seeds. As a function it tells the first that fails of so many, so that another class loader's can be called. */
final class Campaign implements LongFunction<String> {

    /** What broke and at which seed; null when none of seeds 1 to this one breaks anything. */
    @Override
    public String apply(long seeds) {
        return LongStream.rangeClosed(1, seeds).mapToObj(Campaign::failure).filter(Objects::nonNull).findFirst()
                .orElse(null);
    }

    /** As {@link #apply}, with all cores. */
    String parallel(long seeds) {
        return LongStream.rangeClosed(1, seeds).parallel().mapToObj(Campaign::failure).filter(Objects::nonNull).findFirst()
                .orElse(null);
    }

    private static String failure(long seed) {
        try {
            new SetSimulation(seed, false).run();
            return null;
        } catch (Broken e) {
            return "seed " + seed + ": " + e.getMessage();
        } catch (RuntimeException | Error e) {
            return "seed " + seed + ": " + e + " at " + List.of(e.getStackTrace()).subList(0, 6);
        }
    }
}
