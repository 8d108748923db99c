package dev.bgworker.testing;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static dev.bgworker.api.process.ErrorData.errcode;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

/** Whose call it is that a fault is planned for, and of what. */
@ExtendWith(BgworkerExtension.class)
class CallsTest {

    private static final FatalError GONE = new FatalError(errcode("57P03", "gone"));

    private static BackgroundWorker.Builder called(String name, String function) {
        return BackgroundWorker.builder(name, TestHost.LIBRARY, function);
    }

    @Test
    void faultOfAWorkerDoesNotHitAnotherOfTheSameName(TestHost host) {
        TestWorker one = host.start(called("same", "one"), () -> Workers::waitForEver).awaitIdle("Waits");
        TestWorker other = host.start(called("same", "other"), () -> Workers::waitForEver).awaitIdle("Waits");
        other.fail("Latch.reset", 1, GONE);

        one.step();
        assertThat(one.details().state()).isEqualTo(State.RUNNING);
        other.step();

        assertThat(other.awaitExit().error()).contains(GONE.data());
        assertThat(one.calls("Latch.reset")).isOne();
    }

    @Test
    void workersThatAnotherHasRegisteredHaveTheirOwnCalls(TestHost host) {
        host.function(TestHost.LIBRARY, "child", () -> Workers::waitForEver);
        List<BackgroundWorkerHandle> children = Collections.synchronizedList(new ArrayList<>());
        host.start(it -> {
            for (int i = 0; i < 2; i++) {
                children.add(host.workers().register(called("child", "child").build()));
            }
            Workers.waitForEver(it);
        });
        TestWorker first = host.worker("child").awaitIdle("Waits");

        children.stream().filter(each -> !each.equals(first.handle())).forEach(each -> host.supervisor().procArray()
                .find(each.details().pid()).orElseThrow().proc().latch().set());
        host.settle();

        assertThat(first.calls("Latch.reset")).isZero();
    }

    @Test
    void secondOfOneClassRunsItsOwnMain(TestHost host) {
        List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
        record Main(int number, List<Integer> ran) implements WorkerMain {
            @Override
            public void main(WorkerContext worker) { ran.add(number); }
        }
        TestWorker one = host.define(new Main(1, ran));
        TestWorker other = host.define(new Main(2, ran));

        one.start().awaitExit();
        other.start().awaitExit();

        assertThat(ran).containsExactly(1, 2);
        assertThat(one.name()).isEqualTo("Main").isNotEqualTo(other.name());
    }

    @Test
    void callsOfOtherThreadsAreNotTheWorkers() {
        try (TestHost host = TestHost.builder().withoutDatabase().start()) {
            Latch[] latch = new Latch[1];
            TestWorker worker = host.define(it -> {
                latch[0] = it.latch();
                Workers.waitForEver(it);
            }).fail("Latch.set", 1, GONE).start().awaitIdle("Waits");

            latch[0].set();
            host.settle();

            assertThat(worker.calls("Latch.set")).isZero();
            assertThat(worker.calls("Latch.reset")).isOne();
            assertThat(worker.leftovers()).hasSize(1);
        }
    }

    @Test
    void commitOfAScopeIsNotThatOfATransaction(TestHost host) {
        Workers.createTicks(host);
        AtomicInteger scopes = new AtomicInteger();
        TestWorker worker = host.define(it -> {
            Session db = it.connect(ConnectTo.database("postgres"));
            try (Scope scope = it.scope().open("first")) {
                scope.commit();
                scopes.incrementAndGet();
            }
            Workers.execute(db, "INSERT INTO ticks VALUES (0)");
        }).fail("Transaction.commit", 1, GONE).start();

        assertThat(worker.awaitExit().error()).contains(GONE.data());
        assertThat(scopes).hasValue(1);
        assertThat(worker.calls("Transaction.commit")).isOne();
        assertThat(worker.calls("Scope.commit")).isEqualTo(2);
    }

    @Test
    void faultThatNeverCameIsToldAsItWasAskedFor() {
        try (TestHost host = TestHost.builder().withoutDatabase().start()) {
            TestWorker worker = host.start(Workers::waitForEver).awaitIdle("Waits").step();
            worker.fail("Latch.reset", 99, GONE).step().step();

            assertThat(worker.leftovers()).singleElement().asString()
                    .contains("call 99 of Latch.reset from when that was planned: there were 2");
        }
    }

    @Test
    void eventsOfWorkersComeThroughTheInbox(TestHost host) {
        host.function(TestHost.LIBRARY, "child", () -> Workers::waitForEver);
        List<WorkerEvent.Kind> told = Collections.synchronizedList(new ArrayList<>());
        TestWorker owner = host.start(it -> {
            it.interrupts().unblock();
            host.workers().register(called("child", "child").notifyPid(it.pid()).build());
            while (true) {
                for (var event = it.events().poll(); event.isPresent(); event = it.events().poll()) {
                    told.add(event.get().kind());
                }
                it.latch().await(ofSeconds(1), "Owner");
                it.latch().reset();
                it.interrupts().check();
            }
        }).awaitIdle("Owner");
        host.worker("child").awaitIdle("Waits");
        owner.awaitIdle("Owner");

        assertThat(told).contains(WorkerEvent.Kind.STARTED);
        assertThat(owner.calls("Inbox.poll")).isPositive();
    }
}
