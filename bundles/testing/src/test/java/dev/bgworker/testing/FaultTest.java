package dev.bgworker.testing;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.PanicError;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static dev.bgworker.api.process.ErrorData.errcode;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Faults at a call that the test names, and workers that stand still there. */
@ExtendWith(BgworkerExtension.class)
class FaultTest {

    private static final ErrorException FULL = new ErrorException(errcode("53100", "the disk is full"));

    @Test
    void nthCallFailsInPlaceOfBeingCarriedOut(TestHost host) {
        Workers.createTicks(host);
        TestWorker worker = host.define(Workers.TICKS).fail("Spi.execute", 3, FULL).start();

        host.advance(ofSeconds(3));

        assertThat(worker.awaitExit().error()).contains(FULL.data());
        assertThat(Workers.ticks(host)).isEqualTo(2);
        assertThat(worker.calls("Spi.execute")).isEqualTo(3);
        assertThat(worker.calls("Transaction.commit")).isEqualTo(2);
    }

    @Test
    void callThatFailsAfterwardsHasBeenCarriedOut(TestHost host) {
        Workers.createTicks(host);
        TestWorker worker = host.define(Workers.TICKS).failAfter("Transaction.commit", 1, FULL).start();

        worker.step();

        assertThat(worker.awaitExit().error()).contains(FULL.data());
        assertThat(Workers.ticks(host)).isOne();
    }

    @Test
    void faultCountsFromWhereTheTestStands(TestHost host) {
        Workers.createTicks(host);
        TestWorker worker = host.start(Workers.TICKS).step().step();

        worker.fail("Session.startTransaction", 1, new FatalError(errcode("57P03", "gone")));
        worker.step();

        assertThat(worker.awaitExit().error()).hasValueSatisfying(error -> assertThat(error.sqlState()).isEqualTo("57P03"));
        assertThat(Workers.ticks(host)).isEqualTo(2);
    }

    @Test
    void errorLeavesItsTransactionFailedAsOneOfTheHostDoes(TestHost host) {
        Workers.createTicks(host);
        List<String> raised = Collections.synchronizedList(new ArrayList<>());
        TestWorker worker = host.define(it -> {
            Session db = it.connect(ConnectTo.database("postgres"));
            try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
                for (int i = 0; i < 2; i++) {
                    try {
                        spi.execute("INSERT INTO ticks VALUES (0)", false, 0);
                    } catch (ErrorException e) {
                        raised.add(e.data().sqlState());
                    }
                }
            }
        }).fail("Spi.execute", 1, FULL).start();

        assertThat(worker.awaitExit().status()).isZero();
        assertThat(raised).containsExactly("53100", "25P02");
        assertThat(Workers.ticks(host)).isZero();
    }

    @Test
    void panicResetsTheHost(TestHost host) {
        TestWorker other = host.start(BackgroundWorker.builder("other", "test", "other")
                .restart(RestartPolicy.after(ofSeconds(5))), () -> Workers::waitForEver);
        other.awaitIdle();
        long before = other.pid();
        TestWorker panics = host.define(Workers::waitForEver)
                .fail("Latch.await", 1, new PanicError(errcode("XX001", "damaged"))).start();

        assertThat(panics.awaitExit().status()).isEqualTo(2);
        assertThat(other.awaitExit().status()).isEqualTo(2);
        host.advance(ofSeconds(60));
        other.awaitIdle("Waits");
        assertThat(other.pid()).isNotEqualTo(before);
    }

    @Test
    void methodThatIsNoneIsToldWithThoseThatAre(TestHost host) {
        TestWorker worker = host.define(Workers.TICKS);

        assertThatThrownBy(() -> worker.fail("Spi.exec", 1, FULL)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Spi has").hasMessageContaining("execute");
        assertThatThrownBy(() -> worker.fail("Spy.execute", 1, FULL)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> worker.fail("Spi.execute", 0, FULL)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Tag("P32")
    void signalBetweenCommitAndTheNextWaitIsNotLost(TestHost host) {
        Workers.createTicks(host);
        TestWorker worker = host.start(Workers.TICKS).awaitIdle();
        Breakpoint committed = worker.stopAfter("Transaction.commit", 1);

        host.advance(ofSeconds(1));
        committed.await();
        worker.signal(Signal.TERM);
        assertThat(worker.details().state()).isEqualTo(State.RUNNING);
        committed.resume();

        assertThat(worker.awaitExit().error()).hasValueSatisfying(error -> assertThat(error.sqlState()).isEqualTo("57P01"));
        assertThat(Workers.ticks(host)).isOne();
    }

    /** The race that PostgreSQL's t/002_worker_terminate.pl was reworked for. */
    @Test
    @Tag("P32")
    void workerThatIsTerminatedBeforeMainIsNotRestarted(TestHost host) {
        List<String> entered = Collections.synchronizedList(new ArrayList<>());
        Breakpoint beforeMain = host.stopAt("bgworker-before-main");
        TestWorker worker = host.start(it -> {
            entered.add("entered");
            it.interrupts().unblock();
            it.interrupts().check();
        });

        beforeMain.await();
        worker.handle().terminate();
        host.settle();
        assertThat(worker.details().state()).isEqualTo(State.STOPPING);
        beforeMain.resume();

        assertThat(worker.awaitExit().error()).hasValueSatisfying(error -> assertThat(error.sqlState()).isEqualTo("57P01"));
        host.advance(ofMinutes(10));
        assertThat(worker.details().state()).isEqualTo(State.STOPPED);
        assertThat(entered).hasSize(1);
    }

    @Test
    void workerThatIsReleasedWhileItComesToItsBreakpointStillCountsAsRunning(TestHost host) throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch beyond = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread[] thread = new Thread[1];
        TestWorker worker = host.define(it -> {
            thread[0] = Thread.currentThread();
            entered.countDown();
            go.await();
            it.latch().reset();
            beyond.countDown();
            end.await();
        });
        Breakpoint breakpoint = worker.stopBefore("Latch.reset", 1);
        worker.start();
        entered.await();
        synchronized (host.machine()) {
            go.countDown();
            while (thread[0].getState() != Thread.State.BLOCKED) { // it comes to stand, and must tell the machine
                Thread.onSpinWait();
            }
            breakpoint.resume();
        }
        beyond.await();

        assertThat(host.machine().running()).hasSize(1);
        end.countDown();
        assertThat(worker.awaitExit().status()).isZero();
    }

    @Test
    void exitOfAWorkerThatWaitsForAnotherOnItsWayOutIsAwaited(TestHost host) throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        host.function(TestHost.LIBRARY, "child", () -> it -> {
            slow.await();
        });
        TestWorker owner = host.start(it -> {
            var child = host.workers().register(BackgroundWorker.builder("child", TestHost.LIBRARY, "child").build());
            it.scope().on(Scope.Event.BEFORE_SHMEM_EXIT, end -> {
                try {
                    child.awaitShutdown(ofMinutes(1));
                } catch (InterruptedException expected) {
                    Thread.currentThread().interrupt(); // the status tells
                }
            });
        });
        owner.awaitIdle();
        assertThat(owner.details().state()).isEqualTo(State.RUNNING);
        Thread test = Thread.currentThread();
        Thread later = new Thread(() -> {
            while (test.getState() != Thread.State.TIMED_WAITING) { // it is patient with the child
                Thread.onSpinWait();
            }
            slow.countDown();
        });
        later.start();

        try {
            assertThat(owner.awaitExit().status()).isZero();
        } finally {
            slow.countDown();
        }
    }
}
