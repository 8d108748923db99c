package dev.bgworker.toolkit.pain;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestWorker;
import dev.bgworker.toolkit.MainLoop;
import dev.bgworker.toolkit.Transactions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.event.Level;

import static dev.bgworker.api.process.ErrorData.errcode;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

/** P20. The five things of a transaction that are forgotten, or done in the wrong order. */
@ExtendWith(BgworkerExtension.class)
class TransactionTest {

    private static final ErrorException FULL = new ErrorException(errcode("53100", "the disk is full"));
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final List<Instant> times = new CopyOnWriteArrayList<>();

    @FunctionalInterface
    private interface Work {
        void run(WorkerContext worker, Session db);
    }

    /** An extension that catches errors, since it wants to go on, and does that every second. */
    private WorkerMain everySecond(Work work) {
        return worker -> {
            worker.interrupts().unblock();
            Session db = worker.connect(WorkerSpi.POSTGRES);
            while (true) {
                WorkerSpi.sleep(worker, ofSeconds(1));
                try {
                    work.run(worker, db);
                } catch (ErrorException e) {
                    errors.add(e.data().sqlState());
                }
            }
        };
    }

    private static MainLoop loop(WorkerContext worker) {
        return MainLoop.of(worker).connect("postgres").every(ofSeconds(1));
    }

    /** As in pg-ripple. */
    @Test
    @Tag("P20")
    void oldWayLeavesATransactionDanglingAfterACaughtError(TestHost host) {
        Added.create(host);
        TestWorker worker = host.define(everySecond((it, db) -> WorkerSpi.execute(it, db, Added.ONE)))
                .fail("Spi.execute", 1, FULL).start();

        host.advance(ofSeconds(4));

        assertThat(errors).containsExactly("53100", "25001", "25001", "25001");
        assertThat(worker.activity().orElseThrow().xactStart()).isEqualTo(START.plusSeconds(1));
        worker.handle().terminate();
        host.settle();
        assertThat(Added.rows(host)).isZero();
    }

    @Test
    @Tag("P20")
    void callEndsItWhateverIsThrownAlsoWhenItIsCaught(TestHost host) {
        Added.create(host);
        host.define(everySecond((it, db) -> Transactions.of(it, db).inTransaction(sql -> sql.execute(Added.ONE))))
                .fail("Spi.execute", 1, FULL).start();

        host.advance(ofSeconds(4));

        assertThat(errors).containsExactly("53100");
        assertThat(Added.rows(host)).isEqualTo(3);
    }

    private static void forgetful(WorkerContext worker, Session db) {
        try (Transaction transaction = db.startTransaction(); Spi spi = transaction.connect()) {
            spi.execute("SELECT count(*) FROM added", true, 0);
            transaction.commit();
        }
    }

    @Test
    @Tag("P20")
    void oldWayForgetsTheSnapshot(TestHost host) {
        Added.create(host);
        host.start(everySecond(TransactionTest::forgetful));

        host.advance(ofSeconds(1));

        assertThat(errors).containsExactly("55000");
    }

    @Test
    @Tag("P20")
    void callTakesTheSnapshotAndLeavesNothingToTheCommit(TestHost host) {
        Added.create(host);
        List<Long> seen = new CopyOnWriteArrayList<>();
        TestWorker worker = host.start(it -> loop(it).run(turn -> seen.add(turn.transactions().readOnly()
                .inTransaction(sql -> sql.single(Long.class, "SELECT count(*) FROM added")))));

        host.advance(ofSeconds(1));

        assertThat(seen).containsExactly(0L, 0L);
        assertThat(worker.log()).noneMatch(line -> line.level() == Level.WARN || line.level() == Level.ERROR);
    }

    /** Its own {@code xact_start}. */
    private static Instant startOfTransaction(TestHost host, WorkerContext worker) {
        return host.server().activity().stream().filter(row -> row.pid() == worker.pid()).findFirst().orElseThrow()
                .xactStart();
    }

    /** {@code worker_spi.c} begins with {@code SetCurrentStatementStartTimestamp} and says why; this one does not. */
    @Test
    @Tag("P20")
    void oldWayHasAClockThatStandsStill(TestHost host) {
        host.start(everySecond((it, db) -> {
            Transaction transaction = db.startTransaction();
            times.add(startOfTransaction(host, it));
            transaction.commit();
        }));

        host.advance(ofSeconds(3));

        assertThat(times).as("three turns, a second apart").containsExactly(START, START, START);
    }

    @Test
    @Tag("P20")
    @Tag("R193")
    void callHasTheTimeOfItsBeginning(TestHost host) {
        host.start(it -> loop(it).run(turn -> turn.inTransaction(sql -> times.add(startOfTransaction(host, it)))));

        host.advance(ofSeconds(2));

        assertThat(times).containsExactly(START, START.plusSeconds(1), START.plusSeconds(2));
    }

    /** Two functions of an extension, each with a transaction of its own, of which one comes to call the other. */
    @Test
    @Tag("P20")
    void oldWayCannotNest(TestHost host) {
        Added.create(host);
        host.start(everySecond((it, db) -> {
            try (Transaction outer = db.startTransaction()) {
                WorkerSpi.execute(it, db, Added.ONE);
                outer.commit();
            }
        }));

        host.advance(ofSeconds(1));

        assertThat(errors).containsExactly("25001");
    }

    /** {@code StartTransactionIfNotStarted} of pglogical. */
    @Test
    @Tag("P20")
    void callJoinsWhatIsOpenAndOnlyTheOutermostOneEndsIt(TestHost host) {
        Added.create(host);
        TestWorker worker = host.start(it -> loop(it).run(turn -> turn.inTransaction(outer -> {
            turn.inTransaction(sql -> sql.execute(Added.ONE));
            outer.execute("SELECT pg_sleep(10)");
            throw FULL;
        }))).awaitIdle("PgSleep");

        host.advance(ofSeconds(10));

        assertThat(worker.log()).anyMatch(line -> line.message().contains("53100"));
        assertThat(Added.rows(host)).as("nothing was committed by the inner one").isZero();
    }
}
