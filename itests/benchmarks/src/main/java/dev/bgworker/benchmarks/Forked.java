package dev.bgworker.benchmarks;

import java.nio.file.Path;

/** One benchmark, in the JVM made for it. */
public final class Forked {

    private Forked() {}

    /** @param args path of ratios.csv, name of the benchmark */
    public static void main(String[] args) throws Exception {
        Benchmarks.named(args[1]).run(new Ratios(Path.of(args[0])));
    }
}
