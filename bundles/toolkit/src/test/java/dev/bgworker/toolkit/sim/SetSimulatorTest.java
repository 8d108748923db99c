package dev.bgworker.toolkit.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Worker sets over the real decisions of the supervisor, in virtual time. {@code -Dsim.seeds=N} runs seeds 1 to N; {@code
 * -Dsim.seed=K} replays one and leaves its trace under {@code target/sim}.
 */
class SetSimulatorTest {

    private static final Logger LOG = LoggerFactory.getLogger(SetSimulatorTest.class);
    private static final long SEEDS = Long.getLong("sim.seeds", 10_000);
    private static final Long SEED = Long.getLong("sim.seed");

    @Test
    @Tag("R232")
    @Tag("R233")
    @Tag("R234")
    @Tag("R235")
    @Tag("R236")
    @Tag("R237")
    @Tag("P6")
    @Tag("P17")
    void whateverHappensTheWantedSetIsReachedAgain() throws IOException {
        if (SEED != null) {
            replay(SEED);
            return;
        }
        long began = System.nanoTime();
        String failure = new Campaign().parallel(SEEDS);
        LOG.info("{} schedules in {} s", SEEDS, Duration.ofNanos(System.nanoTime() - began).toSeconds());
        if (failure != null) {
            replay(Long.parseLong(failure.replaceAll("(?s)seed (\\d+):.*", "$1")));
            fail("%s, but not when it was replayed", failure);
        }
    }

    private static void replay(long seed) throws IOException {
        List<String> trace = SetSimulation.trace(seed);
        Path file = Path.of("target", "sim", "seed-" + seed + ".txt").toAbsolutePath();
        Files.createDirectories(file.getParent());
        Files.write(file, trace);
        trace.stream().filter(line -> line.startsWith("BROKEN ")).findFirst().ifPresent(broken -> fail(
                "seed %d: %s%nEach event: %s%nReplay it: mvn -pl bundles/toolkit -am test -Dtest=SetSimulatorTest "
                        + "-Dsim.seed=%d -Dsurefire.failIfNoSpecifiedTests=false",
                seed, broken, file, seed));
        LOG.info("seed {} breaks nothing; each event: {}", seed, file);
    }

    @Test
    void theSameSeedIsTheSameSchedule() {
        for (long seed = 1; seed <= 20; seed++) {
            assertThat(SetSimulation.trace(seed)).hasSizeGreaterThan(50).isEqualTo(SetSimulation.trace(seed));
        }
    }
}
