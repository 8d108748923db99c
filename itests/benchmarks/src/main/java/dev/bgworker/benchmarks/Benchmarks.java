package dev.bgworker.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Runs benchmarks one after the other, each in a JVM of its own: none runs on what another left to heap and compiler. */
public final class Benchmarks {

    private static final List<Benchmark> ALL = Stream.concat(Stream.of(new Launch("launch", Jvm.with()),
            new Launch("launch-one-processor", Jvm.with().pinned()), new RestartOvershoot(), new Thousand(),
            new ManyRegistered(), new Memory(), new SpiInMemory(4), new SpiInMemory(1_000),
            new SpiOnFile(), new SpiGroupCommit(), new Notify(), new Jobs(), new LWLocks(),
            new LatchWakeUp("latch", Jvm.with()),
            new LatchWakeUp("latch-one-processor", Jvm.with().pinned())), MessageQueue.all().stream()).toList();

    private Benchmarks() {}

    /** @param args path of ratios.csv, name of a benchmark or "all" */
    public static void main(String[] args) throws IOException, InterruptedException {
        List<Benchmark> chosen = args[1].equals("all") ? ALL : List.of(named(args[1]));
        new Ratios(Path.of(args[0])).begin();
        for (Benchmark each : chosen) {
            each.jvm().run(Forked.class, args[0], each.name());
        }
    }

    static Benchmark named(String name) {
        return ALL.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow(
                () -> new IllegalArgumentException("there is no benchmark \"" + name + "\"; there are "
                        + ALL.stream().map(Benchmark::name).toList() + " and \"all\""));
    }
}
