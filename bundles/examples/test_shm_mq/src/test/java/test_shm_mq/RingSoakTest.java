package test_shm_mq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.Backend;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts.Signal;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Rings of random sizes in which a random worker dies at a random time, or somebody else crashes. Each ends, with every message
 * as it was sent up to there, and leaves nothing. {@code -Dsoak.rounds=100000} for a night, {@code -Dsoak.seed=N} for one again.
 */
class RingSoakTest {

    private static final int ROUNDS = Integer.getInteger("soak.rounds", 100);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Long SEED = Long.getLong("soak.seed");

    private final SoakHost host = new SoakHost();
    // Counted by the test's thread.
    private int whole;
    private int broken;

    @Test
    @Timeout(3600)
    @Tag("R163")
    @Tag("R165")
    @Tag("R166")
    void everyRingEndsWhateverHappensToIt() throws InterruptedException {
        try (host) {
            long first = SEED == null ? System.nanoTime() : SEED;
            for (long seed = first; seed < first + (SEED == null ? ROUNDS : 1); seed++) {
                try {
                    round(new SplittableRandom(seed));
                } catch (RuntimeException | Error e) {
                    throw new AssertionError("-Dsoak.seed=" + seed, e);
                }
            }
        }
        assertThat(whole + broken).isEqualTo(SEED == null ? ROUNDS : 1);
        if (SEED == null) {
            assertThat(whole).isPositive();
            assertThat(broken).isPositive();
        }
    }

    private void round(SplittableRandom random) throws InterruptedException {
        Options options = new Options(random.nextInt(64, 4096), random.nextInt(random.nextBoolean() ? 100 : 20_000),
                random.nextInt(1, 400), random.nextInt(1, 5), random.nextBoolean(), true);
        try (Backend me = host.supervisor().openBackend("soak")) {
            run(me, options, random);
            whole++;
        } catch (ErrorException e) {
            assertThat(e.data().sqlState()).as(e.data().inWords()).isIn("55000", "53000"); // it broke, or did not start
            broken++;
        }
        for (List<BackgroundWorkerHandle> left = host.workers().list(); !left.isEmpty(); left = host.workers().list()) {
            assertThat(left.get(0).awaitShutdown(LONG).status()).isEqualTo(Status.STOPPED);
        }
        assertThat(host.supervisor().activity()).isEmpty();
    }

    private void run(Backend me, Options options, SplittableRandom random) throws InterruptedException {
        Messages messages = new Messages(options.messageSize(), true);
        try (Ring ring = new Ring(me, options.workers(), options.queueSize())) {
            if (random.nextInt(8) == 0) {
                host.crash(); // while it is being launched
            }
            ring.launch(host.workers());
            Traffic traffic = options.pipelined() ? new Pipeline(me, ring, messages) : new RoundTrips(ring, messages);
            traffic.run(options.loops());
            strike(random, options.workers());
            traffic.run(options.loops());
        }
    }

    /** Signals take their time, so this is somewhere in what follows. */
    private void strike(SplittableRandom random, int stops) {
        List<BackgroundWorkerHandle> there = host.workers().list();
        int which = random.nextInt(stops);
        if (which >= there.size()) {
            return; // after a crash
        }
        BackgroundWorkerHandle victim = there.get(which);
        switch (random.nextInt(5)) {
            case 0 -> host.workers().signal(victim.details().pid(), Signal.TERM);
            case 1 -> victim.terminate();
            case 2 -> host.workers().signal(victim.details().pid(), Signal.INT);
            case 3 -> host.crash();
            default -> {
                // this one is spared
            }
        }
    }
}
