package dev.bgworker.supervisor.process;

import static dev.bgworker.supervisor.process.Processes.error;
import static dev.bgworker.supervisor.process.Processes.get;
import static dev.bgworker.supervisor.process.Processes.inThread;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.host.EngineGate;
import dev.bgworker.api.host.ProcArray.Entry;
import dev.bgworker.api.host.ProcArray.Timeout;
import dev.bgworker.api.process.Activity.State;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts.Signal;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections of the DataSource service, as the host sees them. */
class ClientTest {

    private final Processes processes = new Processes();
    private final ProcTable table = processes.table;
    private final Semaphore ended = new Semaphore(0);
    private final Entry client = table.openClient("app/1.0.0", "jdbc", ended::release);

    @AfterEach
    void close() { processes.close(); }

    private boolean isEnded() throws InterruptedException {
        return ended.tryAcquire(Processes.LONG.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void itIsUsedByAnyThreadOneAtATime() throws Exception {
        client.checkCall();
        String state = get(inThread(() -> {
            client.checkInterrupts();
            client.session("postgres", "clerk", null);
            client.shows(State.ACTIVE, "SELECT 1");
            try (Held inside = client.gate().enter(() -> {}, "SELECT")) {
                return client.gate().state().name();
            }
        }));

        assertThat(state).isEqualTo("IN_ENGINE");
        assertThat(client.gate().state()).isEqualTo(EngineGate.State.OUTSIDE);
        assertThat(table.activity()).singleElement().satisfies(row -> {
            assertThat(row.backendType()).isEqualTo("client backend");
            assertThat(row.applicationName() + row.database() + row.role()).isEqualTo("jdbcpostgresclerk");
            assertThat(row.state()).isEqualTo(State.ACTIVE);
        });
    }

    @Test
    @Tag("R108")
    void termEndsItsConnectionCancelsItsStatementAndIsRaisedAtItsNextCallsOfAnyThread() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        try (Held inside = client.gate().enter(cancelled::countDown, "SELECT")) {
            table.signal(client.proc().pid(), Signal.TERM);
            assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(isEnded()).isTrue();
        }

        assertThat(error(client::checkInterrupts).message()).isEqualTo(
                "terminating connection due to administrator command");
        assertThat(get(inThread(() -> error(client::checkCall).sqlState()))).isEqualTo("57P01");
    }

    @Test
    @Tag("R109")
    void aCancelHitsItsStatementAndNothingElse() throws Exception {
        client.raise(Signal.INT);

        assertThat(error(client::checkInterrupts).sqlState()).isEqualTo("57014");

        client.checkInterrupts();
        assertThat(ended.availablePermits()).isZero();
    }

    @ParameterizedTest
    @EnumSource(value = Timeout.class, names = {"TRANSACTION", "IDLE_IN_TRANSACTION_SESSION"})
    @Tag("R114")
    void aLimitThatIsFatalEndsItsConnection(Timeout timeout) throws Exception {
        client.timedOut(timeout);

        assertThat(isEnded()).isTrue();
        assertThat(error(client::checkInterrupts).sqlState()).startsWith("25P0");
        assertThat(error(client::checkCall).sqlState()).startsWith("25P0");
    }

    @Test
    @Tag("R114")
    void aStatementThatTookTooLongCostsItTheStatementAlone() {
        client.timedOut(Timeout.STATEMENT);

        assertThat(error(client::checkInterrupts).sqlState()).isEqualTo("57014");

        client.checkInterrupts();
        assertThat(ended.availablePermits()).isZero();
    }

    @Test
    void whenItsOwnerGoesItIsEndedAndNoOther() throws Exception {
        table.openClient("app/2.0.0", "jdbc", () -> {
            throw new IllegalStateException("not mine");
        });

        table.endClients("app/1.0.0");

        assertThat(isEnded()).isTrue();
        assertThat(table.list()).filteredOn(Entry::leaving).isEmpty();
        assertThat(error(client::checkInterrupts).sqlState()).isEqualTo("57P01");
    }

    @Test
    void onceClosedNothingOfItWorks() {
        table.closeClient(client);

        assertThat(error(client::checkCall).sqlState()).isEqualTo("55000");
        assertThat(table.activity()).isEmpty();
    }
}
