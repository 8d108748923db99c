package dev.bgworker.schedules;

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
import java.util.concurrent.TimeUnit;
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

/**
 * Who tests the explorer: each patch plants one fault into the sources, and the scenario that its first line names must find
 * it.
 */
class PlantedFaultsTest {

    private static final Logger LOG = LoggerFactory.getLogger(PlantedFaultsTest.class);
    private static final Path FAULTS = Path.of("src/test/faults");
    private static final long NANOS = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    private Path folder;
    private final ExecutorService threads = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());

    @AfterEach
    void end() { threads.shutdownNow(); }

    static List<Path> patches() throws IOException {
        try (Stream<Path> all = Files.list(FAULTS)) {
            return all.filter(each -> each.toString().endsWith(".patch")).sorted().toList();
        }
    }

    /** The first word of a patch. */
    static String scenario(Path patch) throws IOException {
        return Files.readAllLines(patch).get(0).split("[ :]")[0];
    }

    @TestFactory
    Stream<DynamicTest> isFound() throws IOException {
        return patches().stream().map(each -> {
            CompletableFuture<Campaign.Result> found = CompletableFuture.supplyAsync(() -> search(each), threads);
            return DynamicTest.dynamicTest(each.getFileName().toString(), () -> found(each, found.join()));
        }).toList().stream();
    }

    /** Its tags say which rules the schedules prove: those of faults that they find. */
    @Test
    void eachRuleOfTheSchedulesHasAFault() throws IOException, NoSuchMethodException {
        List<String> rules = new ArrayList<>();
        for (Path each : patches()) {
            Pattern.compile("R\\d+").matcher(Files.readAllLines(each).get(0)).results()
                    .forEach(rule -> rules.add(rule.group()));
        }
        assertThat(ScheduleTest.class.getDeclaredMethod("whateverTheScheduleItHolds").getAnnotationsByType(Tag.class))
                .isNotEmpty().extracting(Tag::value).isSubsetOf(rules);
    }

    private static void found(Path patch, Campaign.Result result) {
        assertThat(result.failure()).as("%s was not found in %d schedules", patch, result.schedules()).isNotNull();
        LOG.info("{}: schedule {}: {}", patch.getFileName(), result.schedules(),
                result.failure().getMessage().lines().findFirst().orElse(""));
    }

    private Campaign.Result search(Path patch) {
        try {
            Path classes = Files.createDirectory(folder.resolve(patch.getFileName().toString()));
            PatchedSource.compile(List.of(patch), classes);
            Campaign campaign = new Campaign(scenario(patch), classes, false);
            Campaign.Result result = campaign.exhaustive(0, NANOS);
            return result.failure() == null ? campaign.exhaustive(1, NANOS) : result;
        } catch (PatchFailedException e) {
            throw new CompletionException(patch + " no longer applies to the sources; make it anew", e);
        } catch (Exception e) { // the test fails with it
            throw new CompletionException(patch + " could not be planted", e);
        }
    }
}
