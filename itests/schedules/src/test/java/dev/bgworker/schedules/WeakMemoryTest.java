package dev.bgworker.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jcstress.Main;

/** The pairs of a store and a load behind it, which no schedule shows: jcstress, each time in a JVM of its own. */
class WeakMemoryTest {

    private static final Path FAULTS = Path.of("src/test/faults/weak");

    @TempDir
    private Path folder;

    @Test
    @Tag("R147")
    @Tag("R150")
    void noWakeUpIsLostOnThisMachine() throws Exception { assertThat(failed(".*Stress.*", "")).isEmpty(); }

    /** All of them at once, since most of the time goes into the beginning of a run; one by one if there is time. */
    @TestFactory
    Stream<DynamicTest> faultsAreFound() throws IOException {
        try (Stream<Path> all = Files.list(FAULTS)) {
            List<Path> patches = all.sorted().toList();
            Stream<List<Path>> runs = Boolean.getBoolean("schedules.long")
                    ? patches.stream().map(List::of)
                    : Stream.of(patches);
            return runs.map(each -> DynamicTest.dynamicTest(each.get(0).getFileName().toString(), () -> areFound(each)));
        }
    }

    private void areFound(List<Path> patches) throws Exception {
        Path classes = Files.createTempDirectory(folder, "classes");
        PatchedSource.compile(patches, classes);
        Set<String> tests = new TreeSet<>();
        for (Path each : patches) {
            tests.add("dev.bgworker." + PlantedFaultsTest.scenario(each));
        }
        assertThat(failed(String.join("|", tests), classes + File.pathSeparator)).isEqualTo(tests);
    }

    /** jcstress stumbles over a folder that is not there. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(each -> Files.exists(Path.of(each))).collect(Collectors.joining(File.pathSeparator));
    }

    /** The tests with a result that may not be. */
    private Set<String> failed(String tests, String classesBefore) throws Exception {
        Path said = Files.createTempFile(folder, "jcstress", ".txt");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                        classesBefore + classPath(), Main.class.getName(), "-t", tests, "-r",
                        folder.toString(), "-f", "1", "-fsm", "1", "-sc", "false", "-jvmArgs", "-Xmx256m"));
        command.addAll(List.of(System.getProperty("schedules.jcstress", "-iters 5 -time 200").split(" ")));
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(said.toFile()).start();
        try {
            assertThat(process.waitFor(10, TimeUnit.MINUTES)).as("jcstress ends").isTrue();
        } finally {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(said);
        assertThat(lines).as("what jcstress says").anyMatch(line -> line.contains("RUN RESULTS"));
        return lines.stream().map(line -> line.split("\\[FAILED\\] ")).filter(parts -> parts.length == 2)
                .map(parts -> parts[1].trim())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
