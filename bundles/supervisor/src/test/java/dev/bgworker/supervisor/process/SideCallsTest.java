package dev.bgworker.supervisor.process;

import static dev.bgworker.supervisor.process.Processes.inThread;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts.Signal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SideCallsTest {

    private final Processes processes = new Processes();
    private final StopSteps steps = new StopSteps(processes.table);
    private final CountDownLatch end = new CountDownLatch(1);
    private final Semaphore blocking = new Semaphore(0);
    private final Semaphore done = new Semaphore(0);

    @AfterEach
    void close() {
        end.countDown();
        processes.close();
    }

    /** Blocks until the test is over, deaf to interrupts. */
    private void block() {
        blocking.release();
        while (end.getCount() > 0) {
            try {
                end.await();
            } catch (InterruptedException expected) { // an engine that does not listen either
                Thread.interrupted();
            }
        }
    }

    private static boolean came(Semaphore what) throws InterruptedException {
        return what.tryAcquire(Processes.LONG.toSeconds(), TimeUnit.SECONDS);
    }

    /** A process that stays in the engine until the test is over. */
    private BgProc inEngine(Runnable cancel) throws Exception {
        CompletableFuture<BgProc> inside = new CompletableFuture<>();
        inThread(() -> {
            BgProc proc = processes.backend();
            try (Held statement = proc.gate().enter(cancel, "SELECT")) {
                inside.complete(proc);
                end.await();
            }
            return null;
        });
        return Processes.get(inside);
    }

    @Test
    @Tag("R63")
    void aCancelThatBlocksForEverKeepsNoOtherProcessFromItsCancel() throws Exception {
        BgProc stuck = inEngine(this::block);
        BgProc other = inEngine(done::release);

        stuck.raise(Signal.TERM);
        assertThat(came(blocking)).isTrue();
        other.raise(Signal.INT);

        assertThat(came(done)).isTrue();
        assertThat(came(done)).as("again").isTrue();
        assertThat(blocking.tryAcquire()).as("a second cancel of the first").isFalse();
    }

    @Test
    @Tag("R63")
    void aCancelThatRaisesAnErrorIsRepeated() throws Exception {
        BgProc proc = inEngine(() -> {
            done.release();
            throw new AssertionError("in cancel");
        });

        proc.raise(Signal.TERM);

        assertThat(came(done)).isTrue();
        assertThat(came(done)).isTrue();
    }

    @Test
    @Tag("R63")
    void aPushIsNotWaitedForAndNotRepeatedWhileItLasts() throws Exception {
        BgProc stuck = inEngine(this::block);

        steps.push(stuck.pid());
        assertThat(came(blocking)).isTrue();
        steps.push(stuck.pid());
        BgProc other = inEngine(done::release);
        steps.push(other.pid());

        assertThat(came(done)).isTrue();
        assertThat(blocking.tryAcquire()).isFalse();
    }

    @Test
    void aClientWhoseEndBlocksKeepsNoOtherFromItsEnd() throws Exception {
        long stuck = ((BgProc) processes.table.openClient("app", "jdbc", this::block)).pid();
        long other = ((BgProc) processes.table.openClient("app", "jdbc", done::release)).pid();

        processes.table.signal(stuck, Signal.TERM);
        assertThat(came(blocking)).isTrue();
        processes.table.signal(stuck, Signal.TERM);
        processes.table.signal(other, Signal.TERM);

        assertThat(came(done)).isTrue();
        assertThat(blocking.tryAcquire()).isFalse();
    }

    @Test
    void whatFoundNoThreadMayBeOfferedAgain() {
        boolean[] none = {true};
        SideCalls calls = new SideCalls(call -> {
            if (none[0]) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            call.run();
        }, "test");

        assertThat(calls.offer(done::release)).isFalse();
        none[0] = false;
        assertThat(calls.offer(done::release)).isTrue();
        assertThat(done.availablePermits()).isOne();
    }
}
