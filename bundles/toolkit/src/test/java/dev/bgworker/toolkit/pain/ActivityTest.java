package dev.bgworker.toolkit.pain;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.control.Server.ActivityRow;
import dev.bgworker.api.process.Activity.State;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.Breakpoint;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestWorker;
import dev.bgworker.toolkit.MainLoop;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

/** P4. What {@code pg_stat_activity} shows of a worker that nobody thought about. */
@ExtendWith(BgworkerExtension.class)
class ActivityTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** As pg_net reported it: idle is said when the statement is over, but the transaction is not. */
    private static void idleTooSoon(WorkerContext worker) {
        worker.interrupts().unblock();
        Session db = worker.connect(WorkerSpi.POSTGRES);
        Transaction transaction = db.startTransaction();
        Spi spi = transaction.connect();
        worker.activity().report(State.ACTIVE, Added.ONE);
        spi.execute(Added.ONE, false, 0);
        worker.activity().report(State.IDLE, null);
        worker.latch().await(Latch.FOREVER, "ForTheNextRequest");
        worker.interrupts().check();
    }

    @Test
    @Tag("P4")
    void oldWayHasNoNameAndIsIdleInATransactionForWeeks(TestHost host) {
        Added.create(host);
        TestWorker worker = host.start(ActivityTest::idleTooSoon).awaitIdle();

        host.advance(ofHours(500));

        ActivityRow row = worker.activity().orElseThrow();
        assertThat(row.applicationName()).isEmpty();
        assertThat(row.state()).isEqualTo(State.IDLE);
        assertThat(row.xactStart()).isEqualTo(START);
        worker.handle().terminate();
        host.settle();
    }

    @Test
    @Tag("P4")
    @Tag("R222")
    void loopShowsEachStepByItself(TestHost host) {
        Added.create(host);
        TestWorker worker = host.define(it -> MainLoop.of(it).connect("postgres").run(turn -> turn.inTransaction(sql -> {
            sql.execute("SELECT pg_sleep(10)");
            return sql.execute(Added.ONE);
        })));
        Breakpoint between = worker.stopBefore("Spi.execute", 2);
        worker.start().awaitIdle("PgSleep");

        assertRow(worker, State.ACTIVE, "SELECT pg_sleep(10)", START);
        host.advance(ofSeconds(10));
        between.await();
        assertRow(worker, State.IDLE_IN_TRANSACTION, "SELECT pg_sleep(10)", START);
        between.resume();
        host.settle();
        assertRow(worker, State.IDLE, Added.ONE, null);
    }

    private static void assertRow(TestWorker worker, State state, String query, Instant xactStart) {
        ActivityRow row = worker.activity().orElseThrow();
        assertThat(row.applicationName()).isEqualTo(worker.name());
        assertThat(row.backendType()).isEqualTo(worker.details().definition().type());
        assertThat(row.state()).isEqualTo(state);
        assertThat(row.query()).isEqualTo(query);
        assertThat(row.xactStart()).isEqualTo(xactStart);
    }
}
