package dev.bgworker.supervisor.core.sim;

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
 * The supervisor's decisions under schedules that nobody would think of, in virtual time. {@code -Dsim.seeds=N} runs seeds 1
 * to N; {@code -Dsim.seed=K} replays one and leaves its trace under {@code target/sim}. The rules that it stands for are
 * those of the faults in {@code src/test/faults}, which it is shown to find.
 */
class SimulatorTest {

    private static final Logger LOG = LoggerFactory.getLogger(SimulatorTest.class);
    private static final long SEEDS = Long.getLong("sim.seeds", 20_000);
    private static final Long SEED = Long.getLong("sim.seed");

    @Test
    @Tag("R8")
    @Tag("R10")
    @Tag("R14")
    @Tag("R19")
    @Tag("R20")
    @Tag("R21")
    @Tag("R22")
    @Tag("R29")
    @Tag("R32")
    @Tag("R33")
    @Tag("R37")
    @Tag("R39")
    @Tag("R41")
    @Tag("R43")
    @Tag("R45")
    @Tag("R47")
    @Tag("R48")
    @Tag("R53")
    @Tag("R54")
    @Tag("R55")
    @Tag("R57")
    @Tag("R61")
    @Tag("R64")
    @Tag("R74")
    @Tag("R76")
    @Tag("R80")
    @Tag("R81")
    @Tag("R82")
    @Tag("R84")
    void whateverHappensTheContractHolds() throws IOException {
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
        List<String> trace = Campaign.trace(seed);
        Path file = Path.of("target", "sim", "seed-" + seed + ".txt").toAbsolutePath();
        Files.createDirectories(file.getParent());
        Files.write(file, trace);
        trace.stream().filter(line -> line.startsWith(Campaign.BROKEN)).findFirst().ifPresent(broken -> fail(
                "seed %d: %s%nEach event and decision: %s%nReplay it: mvn -pl bundles/supervisor -am test "
                        + "-Dtest=SimulatorTest -Dsim.seed=%d -Dsurefire.failIfNoSpecifiedTests=false",
                seed, broken, file, seed));
        LOG.info("seed {} breaks nothing; each event and decision: {}", seed, file);
    }

    @Test
    void theSameSeedIsTheSameSchedule() {
        for (long seed = 1; seed <= 20; seed++) {
            assertThat(Campaign.trace(seed)).hasSizeGreaterThan(100).isEqualTo(Campaign.trace(seed));
        }
    }
}
