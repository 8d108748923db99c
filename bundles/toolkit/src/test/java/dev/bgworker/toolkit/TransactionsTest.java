package dev.bgworker.toolkit;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.spi.SpiResult.Code;
import dev.bgworker.api.spi.Transaction.Mode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.bgworker.api.process.ErrorData.errcode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

class TransactionsTest {

    private final ScriptedWorker worker = new ScriptedWorker();
    private final ScriptedSession session = worker.session;
    private final List<String> trace = worker.trace;
    private final Transactions transactions = Transactions.of(worker, session);

    private static ErrorException error(String sqlState) { return new ErrorException(errcode(sqlState, "scripted")); }

    @Test
    @Tag("R193")
    @Tag("R198")
    void worksThroughTheCanonicalCycle() {
        Integer value = transactions.withSnapshot().inTransaction(sql -> sql.single(Integer.class, "SELECT"));

        assertThat(value).isEqualTo(42);
        assertThat(trace).containsExactly("statementStart", "start", "SPI_connect", "push", "execute SELECT", "SPI_finish",
                "pop", "transaction commit");
    }

    @Test
    void readOnlyPushesASnapshotAndReadsUnderIt() {
        transactions.readOnly().inTransaction(sql -> sql.query("SELECT"));

        assertThat(trace).containsSubsequence("start [READ_ONLY]", "push", "read SELECT", "pop", "transaction commit");
    }

    @Test
    void nestedWorkJoinsAndTheOutermostCommitsOnce() {
        transactions.inTransaction(
                outer -> transactions.inTransaction(inner -> inner.execute("INNER")) + outer.execute("OUTER"));

        assertThat(trace).filteredOn(call -> call.matches("start|transaction.*"))
                .containsExactly("start", "transaction commit");
        assertThat(trace).containsSubsequence("execute INNER", "SPI_finish", "execute OUTER", "SPI_finish");
    }

    @Test
    void transactionThatSomebodyElseOpenedStaysOpen() {
        var explicit = session.startTransaction();

        transactions.withSnapshot().inTransaction(sql -> sql.execute("UPDATE"));
        catchThrowable(() -> transactions.inTransaction(sql -> {
            throw new IOException("joined");
        }));

        assertThat(session.transaction()).containsSame(explicit);
        assertThat(session.activeSnapshot()).isEmpty();
    }

    @Test
    void joiningUsesTheActiveSnapshot() {
        transactions.withSnapshot()
                .inTransaction(outer -> transactions.readOnly().inTransaction(sql -> sql.query("SELECT")));

        assertThat(trace).containsOnlyOnce("push").contains("read SELECT");
    }

    @Test
    void checkedExceptionAbortsAndPassesUnwrapped() {
        IOException thrown = new IOException("disk");

        // Compiles only because the checked exception keeps its type.
        IOException caught = null;
        try {
            transactions.inTransaction(sql -> {
                throw thrown;
            });
        } catch (IOException e) {
            caught = e;
        }

        assertThat(caught).isSameAs(thrown).hasNoSuppressedExceptions();
        assertThat(trace).endsWith("transaction abort").doesNotContain("transaction commit");
    }

    @Test
    @Tag("P20")
    void errorOfTheMachineAbortsAsAnyThrowableDoes() {
        AssertionError thrown = new AssertionError("scripted");

        assertThatThrownBy(() -> transactions.inTransaction(sql -> {
            throw thrown;
        })).isSameAs(thrown);

        assertThat(trace).endsWith("SPI_finish", "transaction abort");
        assertThat(session.transaction()).isEmpty();
    }

    @Test
    @Tag("P20")
    void errorOfTheMachineAbortsTheSubtransactionAlone() {
        AssertionError thrown = new AssertionError("scripted");

        transactions.inTransaction(sql -> {
            assertThatThrownBy(() -> sql.inSubTransaction(inner -> {
                throw thrown;
            })).isSameAs(thrown);
            return sql.execute("AFTER");
        });

        assertThat(trace).containsSubsequence("inSubTransaction abort", "execute AFTER", "transaction commit")
                .doesNotContain("transaction abort");
    }

    @Test
    void failureOfTheRollbackIsSuppressedInTheCause() {
        ErrorException rollback = error("08006");
        session.abortFailures.add(rollback);
        session.answers.add(() -> {
            throw error("23505");
        });

        assertThatThrownBy(() -> transactions.inTransaction(sql -> sql.execute("INSERT")))
                .isInstanceOfSatisfying(ErrorException.class, e -> assertThat(e.data().sqlState()).isEqualTo("23505"))
                .hasSuppressedException(rollback);
    }

    @Test
    void commitThatFailsAborts() {
        session.commitFailures.add(error("40001"));

        assertThatThrownBy(() -> transactions.inTransaction(sql -> null)).hasMessage("scripted");
        assertThat(session.transaction()).isEmpty();
    }

    @Test
    void subtransactionLeftOpenIsAbortedBeforeItsTransaction() {
        catchThrowable(() -> transactions.inTransaction(sql -> {
            sql.transaction().open("savepoint");
            throw error("23505");
        }));

        assertThat(trace).containsSubsequence("savepoint abort", "transaction abort");
    }

    @Test
    void fatalRaisedAgainByTheRollbackPassesAsItIs() {
        FatalError die = new FatalError(errcode("57P01", "terminating"));

        assertThat(catchThrowable(() -> transactions.inTransaction(sql -> {
            sql.transaction().own(() -> {
                throw die;
            });
            throw die;
        }))).isSameAs(die);
    }

    @Test
    void beginsWithTheModesAndJoinsOnlyTheSame() {
        Transactions repeatable = transactions.modes(Mode.REPEATABLE_READ);

        repeatable.inTransaction(outer -> {
            repeatable.inTransaction(inner -> inner.execute("SAME"));
            transactions.readOnly().inTransaction(inner -> inner.query("ANY"));
            assertThatThrownBy(() -> transactions.modes().inTransaction(inner -> inner.execute("OTHER")))
                    .isInstanceOfSatisfying(ErrorException.class, e -> {
                        assertThat(e.data().sqlState()).isEqualTo("25001");
                        assertThat(e.data().detail()).contains("REPEATABLE_READ").contains("READ_COMMITTED");
                    });
            return null;
        });
        transactions.modes(Mode.REPEATABLE_READ).readOnly().inTransaction(sql -> null);

        assertThat(trace)
                .contains("start [REPEATABLE_READ]", "execute SAME", "read ANY", "start [REPEATABLE_READ, READ_ONLY]")
                .doesNotContain("execute OTHER");
        assertThatThrownBy(() -> transactions.modes(Mode.READ_COMMITTED, Mode.REPEATABLE_READ))
                .isInstanceOfSatisfying(ErrorException.class, e -> assertThat(e.data().sqlState()).isEqualTo("22023"));
    }

    @Test
    void subtransactionCommitsWithItsWorkAndIsRolledBackAlone() {
        String value = transactions.inTransaction(sql -> {
            sql.inSubTransaction(inner -> inner.execute("KEPT"));
            try {
                return sql.<String, IOException>inSubTransaction(inner -> {
                    inner.execute("UNDONE");
                    inner.transaction().open("left open");
                    throw new IOException("disk");
                });
            } catch (IOException e) {
                return e.getMessage();
            }
        });

        assertThat(value).isEqualTo("disk");
        assertThat(trace).containsSubsequence("execute KEPT", "SPI_finish", "inSubTransaction commit", "execute UNDONE",
                "SPI_finish", "left open abort", "inSubTransaction abort", "SPI_finish", "transaction commit");
    }

    @Test
    void failedRollbackOfASubtransactionIsSuppressedInTheCause() {
        ErrorException rollback = error("08006");

        assertThatThrownBy(() -> transactions.inTransaction(sql -> sql.inSubTransaction(inner -> {
            session.abortFailures.add(rollback);
            throw error("23505");
        }))).isInstanceOfSatisfying(ErrorException.class, e -> assertThat(e.data().sqlState()).isEqualTo("23505"))
                .hasSuppressedException(rollback);
        assertThat(trace).containsSubsequence("inSubTransaction abort", "transaction abort");
    }

    @ParameterizedTest
    @CsvSource({"ERROR_TRANSACTION,0A000", "ERROR_COPY,0A000", "ERROR_ARGUMENT,22023", "ERROR_UNCONNECTED,XX000"})
    @Tag("R178")
    void misuseToldByTheCodeIsAnError(Code code, String sqlState) {
        session.answers.add(() -> Rows.code(code));

        assertThatThrownBy(() -> transactions.inTransaction(sql -> sql.execute("COMMIT")))
                .isInstanceOfSatisfying(ErrorException.class, e -> {
                    assertThat(e.data().sqlState()).isEqualTo(sqlState);
                    assertThat(e.data().context()).contains("COMMIT");
                });
    }

    @ParameterizedTest
    @CsvSource({"0,1,21000", "2,1,21000", "1,2,42601"})
    void singleWantsOneValue(int rows, int columns, String sqlState) {
        session.answers.add(() -> new Rows(Code.OK_SELECT, rows, columns, List.of(1, 2).subList(0, rows)));

        assertThatThrownBy(() -> transactions.inTransaction(sql -> sql.single(Integer.class, "SELECT")))
                .isInstanceOfSatisfying(ErrorException.class, e -> assertThat(e.data().sqlState()).isEqualTo(sqlState));
    }
}
