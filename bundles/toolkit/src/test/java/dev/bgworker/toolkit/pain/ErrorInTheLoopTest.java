package dev.bgworker.toolkit.pain;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.LogLine;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestWorker;
import dev.bgworker.toolkit.MainLoop;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.event.Level;

import static dev.bgworker.api.process.ErrorData.errcode;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

/** P1. A worker adds a row each second, and the disk is full at the third one. */
@ExtendWith(BgworkerExtension.class)
class ErrorInTheLoopTest {

    private static final ErrorException FULL = new ErrorException(errcode("53100", "the disk is full"));

    /** {@code worker_spi_main} has no sigsetjmp. */
    @Test
    @Tag("P1")
    void oldWayDiesAndIsAwayForAMinute(TestHost host) {
        Added.create(host);
        TestWorker worker = host.define(it -> WorkerSpi.main(it, ofSeconds(1), Added.ONE)).fail("Spi.execute", 3, FULL)
                .start();

        host.advance(ofSeconds(10));

        assertThat(Added.rows(host)).isEqualTo(2);
        assertThat(worker.awaitExit().error()).contains(FULL.data());
        assertThat(worker.details().state()).isEqualTo(State.BACKOFF);
    }

    /** The recovery block of {@code PostgresMain}, as it is copied: that there is a lock to be released is forgotten. */
    private static void copiedBlock(WorkerContext worker) {
        worker.interrupts().unblock();
        Session db = worker.connect(WorkerSpi.POSTGRES);
        while (true) {
            try {
                WorkerSpi.sleep(worker, ofSeconds(1));
                worker.scope().lock("added", LockMode.EXCLUSIVE);
                WorkerSpi.execute(worker, db, Added.ONE);
            } catch (ErrorException e) {
                db.transaction().ifPresent(Transaction::abort);
            }
        }
    }

    @Test
    @Tag("P1")
    void oldWayWithACopiedBlockKeepsWhatTheBlockForgot(TestHost host) {
        Added.create(host);
        host.define(ErrorInTheLoopTest::copiedBlock).fail("Spi.execute", 3, FULL).start();

        host.advance(ofSeconds(3));

        assertThat(Added.rows(host)).isEqualTo(2);
        assertThat(lockIsFree(host)).isFalse();
    }

    private static boolean lockIsFree(TestHost host) {
        return host.<Boolean, RuntimeException>sql(
                sql -> sql.transaction().tryLock("added", LockMode.EXCLUSIVE).isPresent());
    }

    @Test
    @Tag("P1")
    @Tag("R199")
    void loopReportsReleasesAndGoesOn(TestHost host) {
        Added.create(host);
        TestWorker worker = host.define(it -> MainLoop.of(it).connect("postgres").every(ofSeconds(1)).run(turn -> {
            turn.lock("added", LockMode.EXCLUSIVE);
            turn.inTransaction(sql -> sql.execute(Added.ONE));
        })).fail("Spi.execute", 3, FULL).start();
        long pid = worker.awaitIdle().pid();

        host.advance(ofSeconds(2));
        assertThat(Added.rows(host)).isEqualTo(2);
        assertThat(lockIsFree(host)).isTrue();
        host.advance(ofSeconds(8));

        assertThat(Added.rows(host)).as("one each second but for the third").isEqualTo(10);
        assertThat(worker.pid()).isEqualTo(pid);
        assertThat(worker.log()).filteredOn(line -> line.level() == Level.ERROR).singleElement()
                .extracting(LogLine::message).asString().contains("53100", "the disk is full");
    }

    @Test
    @Tag("P1")
    @Tag("P4")
    void transactionThatATurnLeavesOpenIsToldAndRolledBack(TestHost host) {
        Added.create(host);
        TestWorker worker = host.start(it -> MainLoop.of(it).connect("postgres").run(
                turn -> turn.session().startTransaction().connect().execute(Added.ONE, false, 0)));

        worker.awaitIdle("MainLoopErrorPause");

        assertThat(Added.rows(host)).isZero();
        assertThat(worker.log()).filteredOn(line -> line.level() == Level.ERROR).singleElement()
                .extracting(LogLine::message).asString()
                .contains("25001: turn of a main loop left a transaction open", "inTransaction()");
    }
}
