package dev.bgworker.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What one step had the process hand to the kernel, as Linux tells it. A value.
 *
 * @param writes calls, of which H2 makes one for each commit of the engine
 * @param bytes in them
 */
record Written(double writes, double bytes, double perSecond) {

    private static final Path IO = Path.of("/proc/self/io");

    static Written of(int count, Rate.Step step) throws Exception {
        long writes = counter("syscw");
        long bytes = counter("wchar");
        double perSecond = Rate.of(count, step).perSecond();
        return new Written((double) (counter("syscw") - writes) / count, (double) (counter("wchar") - bytes) / count,
                perSecond);
    }

    private static long counter(String name) throws IOException {
        if (!Files.isReadable(IO)) {
            return 0;
        }
        return Files.readAllLines(IO).stream().filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElseThrow();
    }
}
