package dev.bgworker.supervisor;

import static dev.bgworker.supervisor.Host.LONG;
import static dev.bgworker.supervisor.Host.definition;
import static java.time.Duration.ofHours;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.control.WorkerEvent.Kind;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Latch;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the holder of a handle does to a worker, and hears of it. */
@Timeout(60)
class OperatorTest {

    private final Host host = new Host().up();
    private final Semaphore begun = new Semaphore(0);
    private final WorkerMain rests = worker -> {
        begun.release();
        Host.UNTIL_TERM.main(worker);
    };

    @AfterEach
    void close() throws InterruptedException { host.close(); }

    private BackgroundWorkerHandle running() throws InterruptedException {
        BackgroundWorkerHandle handle = host.start(definition("a").restart(RestartPolicy.after(ofHours(1))), rests);
        assertThat(begun.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        return handle;
    }

    @Test
    @Tag("R28")
    void pauseAndResume() throws Exception {
        BackgroundWorkerHandle handle = running();

        handle.pause("disk is being replaced");
        assertThat(handle.awaitShutdown(LONG).state()).isEqualTo(State.PAUSED);
        assertThat(handle.details().reason()).isEqualTo("disk is being replaced");

        handle.resume();
        assertThat(begun.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        assertThat(handle.details().restarts()).isOne();
    }

    @Test
    void restartDoesNotWaitForTheDelay() throws Exception {
        BackgroundWorkerHandle handle = running();
        long pid = handle.details().pid();

        handle.restart();

        assertThat(begun.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        assertThat(handle.awaitStartup(LONG).pid()).isGreaterThan(pid);
    }

    @Test
    @Tag("R72")
    void whoWaitedBeforeTheFirstRunSeesTheEndOfARunThatIsFollowedByTheNextAtOnce() throws Exception {
        BackgroundWorkerHandle handle = host.start(definition("a").restart(RestartPolicy.after(ofHours(1)))
                .runsIn(Set.of(Server.State.SMART_SHUTDOWN)), rests);
        CompletableFuture<WorkerDetails> waits = new CompletableFuture<>();
        Thread waiter = new Thread(() -> {
            try {
                waits.complete(handle.awaitShutdown(LONG));
            } catch (InterruptedException | RuntimeException e) {
                waits.completeExceptionally(e);
            }
        });
        waiter.start();
        while (waiter.getState() != Thread.State.TIMED_WAITING && waiter.getState() != Thread.State.TERMINATED) {
            Thread.onSpinWait();
        }
        host.supervisor.smartShutdown(() -> {});
        assertThat(begun.tryAcquire(20, TimeUnit.SECONDS)).isTrue();

        handle.restart();

        assertThat(waits.get(20, TimeUnit.SECONDS).status()).isEqualTo(Status.STOPPED);
        assertThat(begun.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @Tag("R151")
    @Tag("R70")
    void aWaitThatIsWokenForNothingLooksAgainAndGoesOn() throws Exception {
        BackgroundWorkerHandle late = host.start(definition("late").runsIn(Set.of(Server.State.SMART_SHUTDOWN)), rests);
        CompletableFuture<Thread> waiting = new CompletableFuture<>();
        CompletableFuture<Latch> latch = new CompletableFuture<>();
        CompletableFuture<Status> seen = new CompletableFuture<>();
        host.start("waits", worker -> {
            latch.complete(worker.latch());
            waiting.complete(Thread.currentThread());
            seen.complete(late.awaitStartup(LONG).status());
        });
        for (int i = 0; i < 100; i++) {
            while (waiting.get().getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            latch.get().set();
        }
        assertThat(seen).isNotDone();

        host.supervisor.smartShutdown(() -> {});

        assertThat(seen.get(20, TimeUnit.SECONDS)).isEqualTo(Status.STARTED);
    }

    @Test
    @Tag("R76")
    void aListenerHearsTheLastEventAndThenEachOneUntilTheEnd() throws Exception {
        BackgroundWorkerHandle handle = running();
        BlockingQueue<Kind> heard = new LinkedBlockingQueue<>();

        Held listening = handle.subscribe(event -> heard.add(event.kind()));
        assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo(Kind.STARTED);
        handle.terminate();

        assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo(Kind.EXITED);
        listening.close();
    }

    @Test
    void aListenerThatBlocksIsDeafAlone() throws Exception {
        BackgroundWorkerHandle handle = running();
        CountDownLatch blocks = new CountDownLatch(1);
        CompletableFuture<Void> exited = new CompletableFuture<>();
        handle.subscribe(event -> {
            blocks.countDown();
            exited.join();
        });
        assertThat(blocks.await(20, TimeUnit.SECONDS)).isTrue();
        handle.subscribe(event -> {
            if (event.kind() == Kind.EXITED) {
                exited.complete(null);
            }
        });

        handle.terminate();

        exited.get(20, TimeUnit.SECONDS);
    }

    @Test
    void aListenerThatFailsKeepsNobodyElseFromHearing() throws Exception {
        BackgroundWorkerHandle handle = running();
        CountDownLatch exited = new CountDownLatch(1);
        handle.subscribe(event -> {
            throw new IllegalStateException("a listener's own fault");
        });
        handle.subscribe(event -> {
            if (event.kind() == Kind.EXITED) {
                exited.countDown();
            }
        });

        handle.terminate();

        assertThat(exited.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @Tag("R62")
    void anEventSaysWhichWorkerAndHowItStood() throws Exception {
        BackgroundWorkerHandle handle = running();
        BlockingQueue<WorkerEvent> heard = new LinkedBlockingQueue<>();

        handle.subscribe(heard::add);

        WorkerEvent event = heard.poll(20, TimeUnit.SECONDS);
        assertThat(event.worker()).isEqualTo(handle);
        assertThat(event.details().pid()).isPositive();
    }
}
