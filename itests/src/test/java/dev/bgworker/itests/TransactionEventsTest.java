package dev.bgworker.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Scope.End;
import dev.bgworker.api.process.Scope.Event;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.api.spi.Transaction.Mode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** What a transaction of spi tells to callbacks and owners of the supervisor's scopes, and in which order. */
public class TransactionEventsTest {

    @Rule
    public final TestedHost tested = new TestedHost();
    private final List<String> heard = new ArrayList<>();
    private SpiHost host;

    @Before
    public void start() {
        host = tested.host();
        host.createTables();
    }

    private void hearAll(Transaction tx) {
        for (Event event : List.of(Event.PRE_COMMIT, Event.COMMIT, Event.ABORT, Event.SUB_START, Event.PRE_COMMIT_SUB,
                Event.COMMIT_SUB, Event.ABORT_SUB, Event.RELEASE_BEFORE_LOCKS, Event.RELEASE_LOCKS,
                Event.RELEASE_AFTER_LOCKS)) {
            tx.on(event, end -> heard.add(words(end)));
        }
    }

    private static String words(End end) {
        return end.event() + (end.commit() ? " commit" : "") + (end.topLevel() ? " top" : "");
    }

    @Test
    @Proves({"R203", "R210"})
    public void aCommitTellsEachPhaseOnce() {
        Transaction tx = host.session().startTransaction();
        hearAll(tx);
        tx.own(() -> heard.add("owned"));
        tx.commit();
        assertThat(heard).containsExactly("PRE_COMMIT commit top", "COMMIT commit top", "RELEASE_BEFORE_LOCKS commit top",
                "RELEASE_LOCKS commit top", "RELEASE_AFTER_LOCKS commit top", "owned");
    }

    @Test
    @Proves({"R200", "R210"})
    public void anAbortTellsAfterTheRollbackAndThenReleases() {
        Transaction tx = host.session().startTransaction();
        tx.connect().execute("INSERT INTO added VALUES (1)", false, 0);
        hearAll(tx);
        tx.abort();
        assertThat(heard).containsExactly("ABORT top", "RELEASE_BEFORE_LOCKS top", "RELEASE_LOCKS top",
                "RELEASE_AFTER_LOCKS top");
    }

    @Test
    @Proves("R210")
    public void theReleaseOfASubtransactionIsNotThatOfTheTopLevel() {
        Transaction tx = host.session().startTransaction();
        for (Event event : List.of(Event.RELEASE_BEFORE_LOCKS, Event.RELEASE_LOCKS, Event.RELEASE_AFTER_LOCKS)) {
            tx.on(event, end -> heard.add(words(end)));
        }
        tx.open("good").commit();
        tx.open("bad").abort();
        tx.commit();
        assertThat(heard).containsExactly("RELEASE_BEFORE_LOCKS commit", "RELEASE_LOCKS commit",
                "RELEASE_AFTER_LOCKS commit", "RELEASE_BEFORE_LOCKS", "RELEASE_LOCKS", "RELEASE_AFTER_LOCKS",
                "RELEASE_BEFORE_LOCKS commit top", "RELEASE_LOCKS commit top", "RELEASE_AFTER_LOCKS commit top");
    }

    @Test
    @Proves("R206")
    public void aTransactionThatDidNotBeginTellsNoAbort() {
        for (Event event : List.of(Event.ABORT, Event.ABORT_SUB, Event.RELEASE_LOCKS)) {
            host.backend().scope().on(event, end -> heard.add(words(end)));
        }
        assertThatThrownBy(() -> host.session().startTransaction(Mode.READ_COMMITTED, Mode.REPEATABLE_READ))
                .hasMessage("conflicting transaction modes");
        assertThat(host.session().transaction()).isEmpty();
        Transaction tx = host.session().startTransaction();
        assertThatThrownBy(() -> host.session().startTransaction()).hasMessageContaining("already a transaction");
        assertThat(heard).isEmpty();
        tx.abort();
        assertThat(heard).containsExactly("ABORT top", "RELEASE_LOCKS top");
    }

    @Test
    @Proves("R206")
    public void aTransactionThatNeverDidAnythingStillTellsItsAbort() {
        Transaction tx = host.session().startTransaction();
        tx.on(Event.ABORT, end -> heard.add(words(end)));
        tx.close();
        assertThat(heard).containsExactly("ABORT top");
    }

    @Test
    @Proves("R205")
    public void aCallbackMayTakeItselfOutWhileItRuns() {
        List<Held> once = new ArrayList<>();
        host.backend().scope().on(Event.COMMIT, end -> heard.add("first"));
        once.add(host.backend().scope().on(Event.COMMIT, end -> {
            heard.add("once");
            once.get(0).close();
        }));
        host.backend().scope().on(Event.COMMIT, end -> heard.add("last"));
        host.session().startTransaction().commit();
        host.session().startTransaction().commit();
        assertThat(heard).containsExactly("last", "once", "first", "last", "first");
    }

    @Test
    @Proves({"R204", "R211"})
    public void whatASubtransactionOwnsGoesUpWithItsCommitAndGoesWithItsAbort() {
        Transaction tx = host.session().startTransaction();
        Transaction good = tx.open("good");
        good.own(() -> heard.add("owned by good"));
        good.commit();
        assertThat(heard).isEmpty();
        Transaction bad = tx.open("bad");
        bad.own(() -> heard.add("owned by bad"));
        bad.abort();
        assertThat(heard).containsExactly("owned by bad");
        tx.abort();
        assertThat(heard).containsExactly("owned by bad", "owned by good");
    }

    @Test
    @Proves("R208")
    public void whatACommitFindsLeftIsAWarningEachAndWhatAnAbortFindsIsNot() {
        String committed = logOf(() -> left().commit());
        assertThat(committed).contains("left one was left open", "left two was left open", "non-empty SPI stack",
                "snapshot still active");
        assertThat(logOf(() -> left().abort())).doesNotContain("left open", "SPI stack", "snapshot");
    }

    private record Left(String name) implements AutoCloseable {

        @Override
        public void close() {}

        @Override
        public String toString() { return "left " + name; }
    }

    private Transaction left() {
        Transaction tx = host.session().startTransaction();
        tx.own(new Left("one"));
        tx.own(new Left("two"));
        Spi forgotten = tx.connect();
        assertThat(forgotten.execute("SELECT 1", false, 0).numvals()).isOne();
        tx.snapshot().push();
        return tx;
    }

    private static String logOf(Runnable work) {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            work.run();
        } finally {
            System.setErr(before);
        }
        return log.toString(StandardCharsets.UTF_8);
    }
}
