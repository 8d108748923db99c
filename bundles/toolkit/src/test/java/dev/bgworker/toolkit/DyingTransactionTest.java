package dev.bgworker.toolkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestWorker;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A worker that is told to die in the middle of its transaction, and unwinds. */
@ExtendWith(BgworkerExtension.class)
class DyingTransactionTest {

    @Test
    @Tag("R108")
    void isRolledBackAndNothingIsTakenForASwallow(TestHost host) {
        TestWorker worker = host.start(me -> {
            me.interrupts().unblock();
            Session session = me.connect(ConnectTo.database("postgres"));
            Transactions transactions = Transactions.of(me, session);
            transactions.inTransaction(sql -> sql.execute("CREATE TABLE lost (a INT)"));
            transactions.inTransaction(sql -> sql.inSubTransaction(sub -> {
                sub.execute("INSERT INTO lost VALUES (1)");
                me.latch().await(Latch.FOREVER, "Middle");
                me.interrupts().check();
                return null;
            }));
        }).awaitIdle("Middle");

        worker.signal(Signal.TERM);

        assertThat(worker.awaitExit().error()).hasValueSatisfying(error -> assertThat(error.sqlState()).isEqualTo("57P01"));
        assertThat(worker.log()).isNotEmpty().noneMatch(line -> line.message().contains("swallowed"));
        try (var test = host.openBackend("test")) {
            Session session = test.connect(ConnectTo.database("postgres"));
            assertThat(Transactions.of(test, session)
                    .<Long, RuntimeException>inTransaction(sql -> sql.single(Long.class, "SELECT count(*) FROM lost")))
                    .isZero();
        }
    }
}
