package dev.bgworker.supervisor.core.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/** Many seeds. As a function it tells the first that fails of so many, so that another class loader's can be called. */
final class Campaign implements LongFunction<String> {

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
            return "seed " + seed + ": " + e.getMessage() + (e.getCause() == null ? "" : ", " + e.getCause());
        }
    }

    /** Once more, with each event and decision as a line of that file; null when nothing breaks. */
    static String replay(long seed, Path file) throws IOException {
        Simulation simulation = new Simulation(seed, true);
        String broken = null;
        try {
            simulation.run();
        } catch (Broken e) {
            broken = e.getMessage();
            simulation.trace().add("BROKEN " + broken);
            if (e.getCause() != null) {
                simulation.trace().add(e.getCause().toString());
                for (StackTraceElement each : e.getCause().getStackTrace()) {
                    simulation.trace().add("  at " + each);
                }
            }
        }
        Files.createDirectories(file.getParent());
        Files.write(file, simulation.trace());
        return broken;
    }
}
