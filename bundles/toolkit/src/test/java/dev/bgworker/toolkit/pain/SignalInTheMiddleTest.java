package dev.bgworker.toolkit.pain;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Interrupts;
import dev.bgworker.api.process.Interrupts.Handler;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.spi.Session;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.Breakpoint;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestWorker;
import dev.bgworker.toolkit.MainLoop;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/** P2. A worker takes from one account and gives to another, in two transactions; TERM comes in between. */
@ExtendWith(BgworkerExtension.class)
class SignalInTheMiddleTest {

    private static final String TAKE = "INSERT INTO added VALUES (-100)";
    private static final String GIVE = "INSERT INTO added VALUES (100)";

    /** An extension that leaves TERM to the default. {@code bgworker_die} of PostgreSQL 17 did it even sooner, in the handler. */
    private static void takesAndGives(WorkerContext worker) {
        worker.interrupts().unblock();
        Session db = worker.connect(WorkerSpi.POSTGRES);
        WorkerSpi.execute(worker, db, TAKE);
        WorkerSpi.execute(worker, db, GIVE);
    }

    @Test
    @Tag("P2")
    void oldWayIsEndedInTheMiddle(TestHost host) {
        Added.create(host);
        TestWorker worker = host.define(SignalInTheMiddleTest::takesAndGives);

        terminateBetweenTheTwo(worker);

        assertThat(worker.awaitExit().error()).hasValueSatisfying(error -> assertThat(error.sqlState()).isEqualTo("57P01"));
        assertThat(sum(host)).as("taken, and given to nobody").isEqualTo(-100);
    }

    private static void terminateBetweenTheTwo(TestWorker worker) {
        Breakpoint middle = worker.stopBefore("Session.startTransaction", 2);
        worker.start();
        middle.await();
        worker.signal(Signal.TERM);
        middle.resume();
    }

    private static long sum(TestHost host) { return Added.number(host, "SELECT CAST(sum(a) AS BIGINT) FROM added"); }

    @Test
    @Tag("P2")
    @Tag("R108")
    void loopEndsAfterTheTurn(TestHost host) {
        Added.create(host);
        TestWorker worker = host.define(it -> MainLoop.of(it).connect("postgres").run(turn -> {
            turn.inTransaction(sql -> sql.execute(TAKE));
            turn.inTransaction(sql -> sql.execute(GIVE));
        }));

        terminateBetweenTheTwo(worker);

        assertThat(worker.awaitExit().status()).isZero();
        assertThat(sum(host)).isZero();
    }

    @Test
    @Tag("P2")
    @Tag("R108")
    void signalDoesNothingToCodeThatDoesNotAsk(TestHost host) {
        List<String> course = new CopyOnWriteArrayList<>();
        TestWorker worker = host.define(it -> {
            it.interrupts().handle(Signal.TERM, Handler.DIE);
            it.interrupts().unblock(); // here TERM comes
            course.add("goes on with its own code, TERM pending: " + it.interrupts().pending(Signal.TERM));
            try {
                it.interrupts().check();
            } catch (FatalError e) {
                course.add("ends at the check: " + e.data().sqlState());
                throw e;
            }
        });
        Breakpoint inOwnCode = worker.stopAfter("Interrupts.unblock", 1);
        worker.start();
        inOwnCode.await();

        worker.signal(Signal.TERM);
        host.settle();
        assertThat(course).isEmpty();
        inOwnCode.resume();

        assertThat(worker.awaitExit().status()).isEqualTo(1);
        assertThat(course).containsExactly("goes on with its own code, TERM pending: true", "ends at the check: 57P01");
    }

    /** {@code pqsignal} takes a function; here there is nothing to hand one to. */
    @Test
    @Tag("P2")
    void handlerIsOneOfFourAndNoCode() {
        assertThat(Handler.values()).containsExactly(Handler.DIE, Handler.CANCEL, Handler.FLAG, Handler.IGNORE);
        assertThat(Arrays.stream(Interrupts.class.getMethods()).map(Method::getParameterTypes).flatMap(Arrays::stream))
                .isNotEmpty().allMatch(Class::isEnum);
    }
}
