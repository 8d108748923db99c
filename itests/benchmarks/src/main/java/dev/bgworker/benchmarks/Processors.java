package dev.bgworker.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which processors a thread runs on, where Linux and taskset are there; elsewhere the scheduler decides. */
final class Processors {

    private static final Path TASKSET = Path.of("/usr/bin/taskset");
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path THREAD = Path.of("/proc/thread-self");
    private static final String ALLOWED = "Cpus_allowed_list:";

    private Processors() {}

    static boolean canPin() { return Files.isExecutable(TASKSET) && Files.isReadable(STATUS); }

    /** What a command begins with that is to run on the first processor alone. */
    static List<String> onFirst() throws IOException {
        return canPin() ? List.of(TASKSET.toString(), "-c", Integer.toString(allowed().get(0))) : List.of();
    }

    /** The calling thread stays on the processor of that index from now on, counted around those that this process may use. */
    static void pin(int index) {
        if (!canPin()) {
            return;
        }
        try {
            List<Integer> allowed = allowed();
            String thread = Files.readSymbolicLink(THREAD).getFileName().toString();
            Process taskset = new ProcessBuilder(TASKSET.toString(), "-p", "-c",
                    allowed.get(index % allowed.size()).toString(), thread)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            if (taskset.waitFor() != 0) {
                throw new IllegalStateException("taskset failed for thread " + thread);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Integer> allowed() throws IOException {
        String ranges = Files.readAllLines(STATUS).stream().filter(line -> line.startsWith(ALLOWED))
                .map(line -> line.substring(ALLOWED.length()).strip()).findFirst().orElseThrow();
        return Stream.of(ranges.split(",")).flatMapToInt(Processors::range).boxed().toList();
    }

    private static IntStream range(String text) {
        String[] ends = text.split("-");
        return IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
    }
}
