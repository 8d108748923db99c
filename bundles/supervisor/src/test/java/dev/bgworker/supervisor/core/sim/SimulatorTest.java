package dev.bgworker.supervisor.core.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The supervisor's decisions under schedules that nobody would think of, in virtual time. {@code -Dsim.seeds=N} runs seeds 1
 * to N; {@code -Dsim.seed=K} replays one and leaves its trace under {@code target/sim}.
 */
class SimulatorTest {

    private static final Logger LOG = LoggerFactory.getLogger(SimulatorTest.class);
    private static final long SEEDS = Long.getLong("sim.seeds", 20_000);
    private static final Long SEED = Long.getLong("sim.seed");
    private static final String COMMAND = "mvn -pl bundles/supervisor -am test -Dtest=SimulatorTest -Dsim.seed=%d "
            + "-Dsurefire.failIfNoSpecifiedTests=false";

    @Test
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
        Path trace = Path.of("target", "sim", "seed-" + seed + ".txt");
        String broken = Campaign.replay(seed, trace);
        assertThat(broken).as("seed %d; the trace is in %s; replay it with%n%s%n", seed, trace.toAbsolutePath(),
                String.format(COMMAND, seed)).isNull();
        LOG.info("seed {} holds; the trace is in {}", seed, trace.toAbsolutePath());
    }

    @Test
    void theSameSeedIsTheSameSchedule() {
        for (long seed : List.of(1L, 2L, 3L)) {
            Simulation once = new Simulation(seed, true);
            Simulation again = new Simulation(seed, true);

            once.run();
            again.run();

            assertThat(once.trace()).hasSizeGreaterThan(100).isEqualTo(again.trace());
        }
    }

    /** A schedule in which nothing happens would break nothing either. */
    @Test
    void schedulesAreOfSomeHundredEvents() {
        long steps = 0;
        for (long seed = 1; seed <= 100; seed++) {
            Simulation simulation = new Simulation(seed, false);
            simulation.run();
            steps += simulation.steps();
        }

        assertThat(steps / 100).isBetween(150L, 1000L);
    }
}
