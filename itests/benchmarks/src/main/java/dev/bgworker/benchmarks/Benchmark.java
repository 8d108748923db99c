package dev.bgworker.benchmarks;

/** One thing that is measured, ours and its anchor in one JVM that runs nothing else. */
interface Benchmark {

    /** What {@code -Dbench} names, and how the names of its rows begin. */
    String name();

    /** Where it runs. */
    default Jvm jvm() { return Jvm.with(); }

    void run(Ratios ratios) throws Exception;
}
