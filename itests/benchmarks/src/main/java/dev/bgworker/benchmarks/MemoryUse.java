package dev.bgworker.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Bytes in use. A value.
 *
 * @param heap after a collection
 * @param resident of the whole process, as Linux tells it; 0 elsewhere
 */
record MemoryUse(double heap, double resident) {

    static final Path STATUS = Path.of("/proc/self/status");

    static MemoryUse now() throws IOException {
        System.gc();
        System.gc(); // what the first one only found unreachable
        return new MemoryUse(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                Files.exists(STATUS) ? residentNow() : 0);
    }

    private static double residentNow() throws IOException {
        return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024).findFirst().orElseThrow();
    }

    /** What each of so many has added. */
    MemoryUse since(MemoryUse before, int count) {
        return new MemoryUse((heap - before.heap) / count, (resident - before.resident) / count);
    }

    String text() { return heap + " " + resident; }

    static MemoryUse parse(String text) {
        String[] parts = text.split(" ");
        return new MemoryUse(Double.parseDouble(parts[0]), Double.parseDouble(parts[1]));
    }
}
