package dev.bgworker.toolkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.difflib.patch.PatchFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who tests the simulator: each patch file plants one fault into a copy of a source, and the simulator must find it. */
class SetFaultsTest {

    private static final Logger LOG = LoggerFactory.getLogger(SetFaultsTest.class);
    private static final Path FAULTS = Path.of("src/test/faults");
    private static final long SEEDS = 2_000;

    @TempDir
    private Path folder;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    @AfterEach
    void end() { threads.shutdownNow(); }

    @TestFactory
    Stream<DynamicTest> isFound() throws IOException {
        List<Path> patches = patches();
        return patches.stream().map(each -> {
            CompletableFuture<String> found = CompletableFuture.supplyAsync(() -> failure(each), threads);
            return DynamicTest.dynamicTest(each.getFileName().toString(), () -> found(each, found.join()));
        }).toList().stream();
    }

    private static List<Path> patches() throws IOException {
        try (Stream<Path> all = Files.list(FAULTS)) {
            return all.sorted().toList();
        }
    }

    /** None gets lost, neither by its name nor by being deleted. */
    @Test
    void thereAreAsManyAsTheReadmeTells() throws IOException {
        Matcher told = Pattern.compile("`src/test/faults` has (\\d+) faults")
                .matcher(Files.readString(Path.of("README.adoc")));

        assertThat(told.find()).isTrue();
        assertThat(patches()).hasSize(Integer.parseInt(told.group(1)))
                .allMatch(each -> each.toString().endsWith(".patch"));
    }

    private static void found(Path patch, String failure) {
        assertThat(failure).as("%s was not found within %d seeds", patch, SEEDS).isNotNull();
        LOG.info("{}: {}", patch.getFileName(), failure.length() > 160 ? failure.substring(0, 160) + "..." : failure);
    }

    private String failure(Path patch) {
        try {
            Path classes = Files.createDirectory(folder.resolve(patch.getFileName()));
            Object failure = PatchedSources.campaign(classes, Files.readAllLines(patch)).apply(SEEDS);
            return failure == null ? null : failure.toString();
        } catch (PatchFailedException e) {
            throw new CompletionException(patch + " no longer applies to the sources; make it anew", e);
        } catch (IOException | ReflectiveOperationException | RuntimeException e) {
            throw new CompletionException(patch + " could not be planted", e);
        }
    }

    /** Its tags say which rules the simulator proves: those of faults that it finds. */
    @Test
    void eachRuleOfTheSimulatorHasAFault() throws IOException, NoSuchMethodException {
        List<String> rules = new ArrayList<>();
        for (Path each : patches()) {
            Pattern.compile("[RP]\\d+").matcher(Files.readAllLines(each).get(0)).results()
                    .forEach(rule -> rules.add(rule.group()));
        }

        assertThat(SetSimulatorTest.class.getDeclaredMethod("whateverHappensTheWantedSetIsReachedAgain")
                .getAnnotationsByType(Tag.class)).isNotEmpty().extracting(Tag::value).isSubsetOf(rules);
    }
}
