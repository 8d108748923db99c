package dev.bgworker.supervisor.process;

import static dev.bgworker.supervisor.process.Processes.get;
import static dev.bgworker.supervisor.process.Processes.inThread;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LatchPublishTest {

    private static final long TIME = Duration.ofSeconds(3).toNanos();

    /** Apart from each other, since a store stays long in the buffer only when its line is elsewhere. */
    private static final class Shared {
        private long published;
        private long p1;
        private long p2;
        private long p3;
        private long p4;
        private long p5;
        private long p6;
        private long p7;
        private long p8;
        private volatile long seen;
        private volatile long told;
        private volatile boolean over;

        /** Keeps the space between from being optimized away. */
        long space() {
            return p1 + p2 + p3 + p4 + p5 + p6 + p7 + p8;
        }
    }

    /**
     * Without the fence in {@code set}, or with a plain volatile store in {@code reset}, it fails in nearly every run, mostly
     * within the first hundred thousand of some millions of rounds.
     */
    @Test
    @Timeout(60)
    @Tag("R150")
    void whatWasPublishedByAPlainStoreIsSeenAlthoughTheLatchWasSetAlready() throws Exception {
        Shared shared = new Shared();
        try (Processes processes = new Processes()) {
            OwnLatch latch = processes.backend().ownLatch();
            CompletableFuture<Long> rounds = inThread(() -> publish(shared, latch));
            long lost = 0;
            while (!shared.over && lost == 0) {
                long told = shared.told; // set has returned for it, so the latch is set or was reset after it
                if (latch.isSet()) {
                    latch.reset();
                    shared.seen = shared.published;
                } else if (told > shared.seen) {
                    lost = told;
                }
            }
            shared.over = true;
            assertThat(get(rounds)).as("rounds").isGreaterThan(shared.space());
            assertThat(lost).as("the round whose wake-up was lost, 0 for none").isZero();
        }
    }

    private static long publish(Shared shared, OwnLatch latch) {
        long start = System.nanoTime();
        long round = 0;
        while (!shared.over && System.nanoTime() - start < TIME) {
            round++;
            latch.set(); // somebody's earlier wake-up
            for (long spin = round % 6; spin > 0; spin--) {
                Thread.onSpinWait();
            }
            shared.published = round;
            latch.set();
            shared.told = round;
            while (shared.seen < round && !shared.over) {
                Thread.onSpinWait();
            }
        }
        shared.over = true;
        latch.set();
        return round;
    }
}
