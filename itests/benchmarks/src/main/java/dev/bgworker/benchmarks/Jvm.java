package dev.bgworker.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own for one measurement, on the class path of this one. A value. */
record Jvm(List<String> options, boolean onOneProcessor) {

    /** Free to run on all processors. */
    static Jvm with(String... options) { return new Jvm(List.of(options), false); }

    /**
     * On one processor where taskset is there. What wakes a thread on another, idle one pays for that in tens of
     * microseconds, and which threads share a processor is chance that lasts as long as the JVM.
     */
    Jvm pinned() { return new Jvm(options, true); }

    /** Returns when it has ended well. */
    void run(Class<?> main, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (onOneProcessor) {
            command.addAll(Processors.onFirst());
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-classpath", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IllegalStateException(String.join(" ", command) + " ended with status " + status);
        }
    }
}
