package dev.bgworker.supervisor.process;

import static dev.bgworker.supervisor.process.Processes.LONG;
import static dev.bgworker.supervisor.process.Processes.get;
import static dev.bgworker.supervisor.process.Processes.inThread;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BarriersTest {

    private final Processes processes = new Processes();
    private final BgProc proc = processes.backend();

    BarriersTest() { proc.row().connecting(); }

    @AfterEach
    void close() { processes.close(); }

    /** As somebody sees it who is no process. */
    private List<Long> late(long generation) throws Exception {
        return get(inThread(() -> processes.table.awaitBarrier(generation, ZERO)));
    }

    @Test
    @Tag("R228")
    void whoCannotAbsorbNowIsAskedAgainAndStillWaitedFor() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        long generation = processes.table.emitBarrier(() -> asked.incrementAndGet() > 2);

        for (int times = 1; times <= 2; times++) {
            proc.interrupts().check();
            assertThat(asked.get()).isEqualTo(times);
            assertThat(late(generation)).containsExactly(proc.pid());
        }
        proc.interrupts().check();

        assertThat(asked.get()).isEqualTo(3);
        assertThat(late(generation)).isEmpty();
        proc.interrupts().check();
        assertThat(asked.get()).as("done").isEqualTo(3);
    }

    @Test
    @Tag("R228")
    void whoBeginsAfterItWasEmittedIsNeitherAskedNorWaitedFor() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        long generation = processes.table.emitBarrier(() -> asked.incrementAndGet() > 0);
        CompletableFuture<Long> young = new CompletableFuture<>();
        CountDownLatch over = new CountDownLatch(1);
        CompletableFuture<Boolean> itsLife = inThread(() -> {
            BgProc born = processes.backend();
            born.row().connecting();
            born.interrupts().check();
            young.complete(born.pid());
            over.await();
            processes.table.end(born);
            return true;
        });
        get(young);

        assertThat(late(generation)).containsExactly(proc.pid());
        assertThat(asked.get()).isZero();
        proc.interrupts().check();
        assertThat(late(generation)).isEmpty();
        assertThat(asked.get()).isOne();
        over.countDown();
        assertThat(get(itsLife)).isTrue();
    }

    @Test
    @Tag("R227")
    void whoIsLateIsNamedAgainAndAgain() throws Exception {
        Barriers barriers = new Barriers(ofMillis(1), processes.table.machine());
        AtomicInteger asked = new AtomicInteger();
        long generation = barriers.emit(List.of(proc), () -> asked.incrementAndGet() > 0);

        String line = "still waiting for " + proc.inWords() + " to absorb barrier " + generation;
        CompletableFuture<List<Long>> waiting;
        try (Log log = new Log()) {
            waiting = inThread(() -> barriers.await(generation, new ProcWait(processes.table), LONG));
            while (log.text().lines().filter(each -> each.contains(line)).count() < 2 && !waiting.isDone()) {
                Thread.onSpinWait();
            }
        }
        assertThat(waiting).isNotDone();
        proc.interrupts().check();
        assertThat(get(waiting)).isEmpty();
    }

    @Test
    @Tag("R227")
    void theLateAreNamedEveryFiveSeconds() { assertThat(Barriers.NAME_THE_LATE).hasSeconds(5); }
}
