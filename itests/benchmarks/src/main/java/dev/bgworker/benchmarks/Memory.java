package dev.bgworker.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Bytes per registered worker that waits and per running one; of the latter against bare parked threads. Each slice is a new
 * JVM: what threads once made resident stays with the process and is used again.
 */
final class Memory implements Benchmark {

    /** A heap that never grows, so that what is resident grows by threads alone. */
    private static final Jvm JVM = Jvm.with("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch");

    @Override
    public String name() { return "memory"; }

    @Override
    public void run(Ratios ratios) throws Exception {
        Path answer = Files.createTempFile("memory", ".txt");
        try {
            Pairs<MemoryUse> running = new Pairs<>(() -> of("workers", answer), () -> of("threads", answer))
                    .take(Duration.ZERO, List.of());
            ratios.add(Row.told("memory-running-heap", "bytes", running, MemoryUse::heap));
            if (Files.exists(MemoryUse.STATUS)) {
                ratios.add(Row.told("memory-running-resident", "bytes", running, MemoryUse::resident));
            }
            ratios.add(Row.alone("memory-waiting-heap", "bytes", of("waiting", answer).heap()));
        } finally {
            Files.delete(answer);
        }
    }

    private static MemoryUse of(String what, Path answer) throws Exception {
        JVM.run(MemoryProbe.class, what, answer.toString());
        return MemoryUse.parse(Files.readString(answer));
    }
}
