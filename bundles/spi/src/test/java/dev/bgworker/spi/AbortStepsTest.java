package dev.bgworker.spi;

import dev.bgworker.api.process.Scope.Event;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What an end does when one of its steps raises something. */
class AbortStepsTest {

    private final TestHost host = TestHost.inMemory();
    private final TestProcess process = host.process();
    private final Session db = process.connect(ConnectTo.database("postgres"));
    private final Session other = host.connect();

    @BeforeEach
    void table() {
        Sql.ddl(other, "CREATE TABLE t (a INT)");
        Sql.commit(other, "INSERT INTO t VALUES (1)");
    }

    @AfterEach
    void stop() { host.close(); }

    private Transaction writing() {
        Transaction tx = db.startTransaction();
        tx.connect().execute("UPDATE t SET a = 9", false, 0);
        return tx;
    }

    private void assertRolledBackAndFree(int expected) {
        assertThat(db.transaction()).isEmpty();
        Sql.commit(other, "UPDATE t SET a = a");
        assertThat(Sql.single(other, Integer.class, "SELECT a FROM t")).isEqualTo(expected);
    }

    private static Runnable raising(Throwable what) {
        return () -> {
            if (what instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) what;
        };
    }

    @Test
    @Tag("R200")
    void anErrorOfAnAbortCallbackStillRollsBackAndIsRaised() {
        Transaction tx = writing();
        AssertionError wrong = new AssertionError("callback");
        tx.on(Event.ABORT, end -> raising(wrong).run());
        assertThatThrownBy(tx::abort).isSameAs(wrong);
        assertRolledBackAndFree(1);
    }

    @Test
    @Tag("R200")
    void anErrorOfAReleaseStillRollsBackAndTheFirstIsRaised() {
        Transaction tx = writing();
        AssertionError first = new AssertionError("callback");
        IllegalStateException second = new IllegalStateException("release");
        tx.on(Event.ABORT, end -> raising(first).run());
        tx.on(Event.RELEASE_BEFORE_LOCKS, end -> raising(second).run());
        assertThatThrownBy(tx::abort).isSameAs(first).hasSuppressedException(second);
        assertRolledBackAndFree(1);
    }

    @Test
    void anErrorInsideASubtransactionsAbortStillEndsTheOuterOne() {
        Transaction tx = writing();
        Transaction sub = tx.open("inner");
        try (Spi spi = sub.connect()) {
            spi.execute("UPDATE t SET a = 10", false, 0);
        }
        AssertionError wrong = new AssertionError("callback");
        sub.on(Event.ABORT_SUB, end -> raising(wrong).run());
        assertThatThrownBy(tx::abort).isSameAs(wrong);
        assertRolledBackAndFree(1);
    }

    @Test
    void theErrorThatStoppedACommitIsRaisedBeforeThoseOfItsAbort() {
        Transaction tx = writing();
        IllegalStateException first = new IllegalStateException("pre-commit");
        AssertionError second = new AssertionError("abort");
        tx.on(Event.PRE_COMMIT, end -> raising(first).run());
        tx.on(Event.ABORT, end -> raising(second).run());
        assertThatThrownBy(tx::commit).isSameAs(first).hasSuppressedException(second);
        assertRolledBackAndFree(1);
    }

    @Test
    void anErrorOfACommitCallbackStillReleases() {
        Transaction tx = writing();
        AssertionError wrong = new AssertionError("callback");
        tx.on(Event.COMMIT, end -> raising(wrong).run());
        assertThatThrownBy(tx::commit).isSameAs(wrong);
        assertRolledBackAndFree(9);
    }
}
