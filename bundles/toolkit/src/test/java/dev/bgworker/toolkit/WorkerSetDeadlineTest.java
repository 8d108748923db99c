package dev.bgworker.toolkit;

import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.control.WorkerEvent.Kind;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestWorker;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

/** How long a set's deadlines are, on the real supervisor: its child heeds nothing. */
class WorkerSetDeadlineTest {

    private final TestHost host = TestHost.builder().withoutDatabase().start();
    private final CountDownLatch released = new CountDownLatch(1);
    /** Neither signal nor interrupt ends it. */
    private final WorkerMain deaf = worker -> {
        worker.ready();
        while (released.getCount() > 0) {
            try {
                released.await();
            } catch (InterruptedException expected) {
                Thread.interrupted(); // heeds nothing
            }
        }
    };
    private final SetOwner owner = new SetOwner(host, Set.of(), set -> {});
    private TestWorker launcher;

    @AfterEach
    void close() {
        released.countDown();
        host.close();
    }

    private void startWithADeafChild() {
        launcher = owner.start(RestartPolicy.NEVER);
        launcher.awaitIdle();
        owner.mains.put("a", deaf);
        owner.wanted = List.of("a");
        owner.process.latch().set();
        launcher.awaitIdle();
        assertThat(owner.child("a").state()).isIn(State.STARTING, State.RUNNING);
    }

    /** Its own stop timeout is 30 s, and it must not be given up over its children. */
    @Test
    @Tag("R235")
    void ownerThatIsToldToGoIsNotGivenUpOverADeafChild() throws Exception {
        startWithADeafChild();
        CompletableFuture<WorkerDetails> exit = new CompletableFuture<>();
        launcher.handle().subscribe(event -> {
            if (event.kind() == Kind.EXITED) {
                exit.complete(event.details());
            }
        });

        launcher.handle().terminate();
        launcher.awaitIdle("WorkerSetStop");
        host.elapse(ofSeconds(25));

        assertThat(exit.get(5, TimeUnit.SECONDS).exitStatus()).isZero();
        assertThat(launcher.details().state()).isEqualTo(State.STOPPED);
        assertThat(owner.registered()).allMatch(each -> each.state() == State.ABANDONED);
    }

    @Test
    @Tag("R236")
    void whoIsStoppedIsGivenUpAtTheDeadlineOfTheStop() {
        startWithADeafChild();

        owner.does(set -> set.stop("a", ofSeconds(5)));
        launcher.awaitIdle("WorkerSetStop");
        assertThat(owner.child("a").state()).isEqualTo(State.STOPPING);
        host.elapse(ofSeconds(6));

        assertThat(owner.registered()).allMatch(each -> each.state() == State.ABANDONED);
    }
}
