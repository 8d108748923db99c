package dev.bgworker.itests;

import static dev.bgworker.api.process.ErrorData.errcode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Inbox;
import dev.bgworker.api.spi.Session.Notification;
import dev.bgworker.api.spi.Transaction.Mode;
import dev.bgworker.toolkit.Transactions;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** The toolkit's transactions on SPI itself. */
public class ScopedFormTest {

    @Rule
    public final TestedHost tested = new TestedHost();
    private SpiHost host;

    @Before
    public void start() {
        host = tested.host();
        host.createTables();
    }

    private Transactions transactions() { return Transactions.of(host.backend(), host.session()); }

    private long rows() throws Exception { return host.number("SELECT count(*) FROM added"); }

    @Test
    public void whatFailsInASubtransactionIsUndoneAloneAndTheTransactionGoesOn() throws Exception {
        Inbox<Notification> inbox = host.session().listen("news");

        transactions().inTransaction(sql -> {
            sql.execute("INSERT INTO added VALUES (1)");
            Throwable duplicate = catchThrowable(() -> sql.inSubTransaction(sub -> {
                sub.transaction().asyncNotify("news", "undone");
                sub.execute("INSERT INTO added VALUES (2)");
                return sub.execute("INSERT INTO kept VALUES (1, 1)");
            }));
            assertThat(duplicate).isInstanceOfSatisfying(ErrorException.class,
                    e -> assertThat(e.data().sqlState()).isEqualTo("23505"));
            Throwable disk = catchThrowable(() -> sql.inSubTransaction(sub -> {
                sub.execute("INSERT INTO added VALUES (3)");
                throw new IOException("disk");
            }));
            assertThat(disk).isInstanceOf(IOException.class).hasNoSuppressedExceptions();
            return sql.inSubTransaction(sub -> {
                sub.transaction().asyncNotify("news", "kept");
                return sub.execute("INSERT INTO added VALUES (4)");
            });
        });

        assertThat(rows()).isEqualTo(2);
        assertThat(inbox.poll()).map(Notification::payload).contains("kept");
        assertThat(inbox.poll()).isEmpty();
    }

    @Test
    public void joiningEndsOnlyWhatItBegan() throws Exception {
        assertThatThrownBy(() -> transactions().inTransaction(outer -> {
            transactions().withSnapshot().inTransaction(inner -> inner.query("SELECT count(*) FROM added"));
            transactions().inTransaction(inner -> inner.execute("INSERT INTO added VALUES (1)"));
            assertThat(host.session().activeSnapshot()).isEmpty();
            assertThat(rows()).isZero();
            throw new IOException("disk");
        })).isInstanceOf(IOException.class);

        assertThat(host.session().transaction()).isEmpty();
        assertThat(rows()).isZero();
    }

    @Test
    public void itDoesNotJoinATransactionOfOtherModes() {
        transactions().inTransaction(outer -> {
            assertThat(outer.transaction().open("sub").characteristics()).containsExactly(Mode.READ_COMMITTED);
            assertThatThrownBy(() -> transactions().modes(Mode.READ_ONLY).inTransaction(inner -> null))
                    .isInstanceOfSatisfying(ErrorException.class, e -> assertThat(e.data().sqlState()).isEqualTo("25001"));
            return transactions().modes(Mode.READ_COMMITTED).inTransaction(inner -> null);
        });
    }

    @Test
    public void aWriteConflictIsRetriedOnRequest() throws Exception {
        AtomicInteger runs = new AtomicInteger();

        transactions().retry(3).inTransaction(sql -> {
            sql.execute("INSERT INTO added VALUES (1)");
            if (runs.incrementAndGet() < 3) {
                throw new ErrorException(errcode("40001", "could not serialize access"));
            }
            return null;
        });

        assertThat(rows()).isEqualTo(1);
    }
}
