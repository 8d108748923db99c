package dev.bgworker.toolkit.pain;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.process.Activity;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.TestHost;
import dev.bgworker.toolkit.MainLoop;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

/** P5. A worker adds three rows an hour, in a transaction each, and sleeps. {@code pg_stat_database} is looked at meanwhile. */
@ExtendWith(BgworkerExtension.class)
class StatisticsTest {

    /** The usual extension, which has no {@code pgstat_report_stat}: what the host does not do by itself is left undone. */
    private static void usual(WorkerContext worker) {
        worker.interrupts().unblock();
        Session db = worker.connect(WorkerSpi.POSTGRES);
        while (true) {
            for (int i = 0; i < 3; i++) {
                Transaction transaction = db.startTransaction();
                Spi spi = transaction.connect();
                worker.activity().report(Activity.State.ACTIVE, Added.ONE);
                spi.execute(Added.ONE, false, 0);
                spi.close();
                transaction.commit();
            }
            worker.activity().report(Activity.State.IDLE, null);
            WorkerSpi.sleep(worker, ofHours(1));
        }
    }

    @Test
    @Tag("P5")
    void oldWayIsNotToldOfUntilItWorksAgain(TestHost host) {
        Added.create(host);
        long before = changed(host);
        host.start(StatisticsTest::usual);

        host.advance(ofMinutes(59));

        assertThat(Added.rows(host)).isEqualTo(3);
        assertThat(changed(host) - before).as("the first commit told its own, the second and third came too soon after")
                .isEqualTo(1);
        host.advance(ofMinutes(1));
        assertThat(Added.rows(host)).isEqualTo(6);
        assertThat(changed(host) - before).as("an hour late, with the first of the next hour").isEqualTo(4);
    }

    private static long changed(TestHost host) {
        return Added.number(host, "SELECT tup_changed FROM pg_stat_database WHERE datname = 'postgres'");
    }

    @Test
    @Tag("P5")
    @Tag("R225")
    void loopTellsBeforeItSleeps(TestHost host) {
        Added.create(host);
        long before = changed(host);
        host.start(it -> MainLoop.of(it).connect("postgres").every(ofHours(1)).run(turn -> {
            for (int i = 0; i < 3; i++) {
                turn.inTransaction(sql -> sql.execute(Added.ONE));
            }
        })).awaitIdle();

        assertThat(changed(host) - before).isEqualTo(3);
    }
}
