package dev.bgworker.supervisor.process;

import static dev.bgworker.supervisor.process.Processes.error;
import static dev.bgworker.supervisor.process.Processes.errorElsewhere;
import static dev.bgworker.supervisor.process.Processes.get;
import static dev.bgworker.supervisor.process.Processes.inThread;
import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.Backend;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.process.Activity;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class InboxTest {

    private final Processes processes = new Processes();

    @AfterEach
    void close() { processes.close(); }

    @Test
    @Tag("R152")
    void messagesComeInOrderAndSetTheLatch() throws Exception {
        BgProc proc = processes.backend();
        QueueInbox<String> inbox = new QueueInbox<>(proc);
        get(inThread(() -> {
            inbox.put("a");
            inbox.put("b");
            return null;
        }));

        assertThat(proc.latch().await(ZERO, "test")).isTrue();
        assertThat(inbox.poll()).contains("a");
        assertThat(inbox.poll()).contains("b");
        assertThat(inbox.poll()).isEmpty();
        assertThat(errorElsewhere(inbox::poll).sqlState()).isEqualTo("XX000");
    }

    @Test
    @Tag("R79")
    void aWorkerWithoutAConnectionGetsItsNotifications() {
        BgProc proc = processes.worker(Set.of());
        WorkerEvent event = new WorkerEvent(WorkerEvent.Kind.STARTED, Instant.EPOCH, null, null);

        processes.table.notify(proc.pid(), event);

        assertThat(proc.latch().await(ZERO, "test")).isTrue();
        assertThat(proc.proc().events().poll()).containsSame(event);
    }

    @Test
    @Tag("R78")
    @Tag("R69")
    void aPidThatHasEndedIsNotifiedNoMoreAndNobodyElseInItsPlace() {
        BgProc ended = processes.worker(Set.of());
        processes.table.end(ended);
        BgProc next = processes.worker(Set.of());

        processes.table.notify(ended.pid(), new WorkerEvent(WorkerEvent.Kind.EXITED, Instant.EPOCH, null, null));

        assertThat(next.events().poll()).isEmpty();
        assertThat(next.latch().await(ZERO, "test")).isFalse();
        assertThat(next.pid()).isGreaterThan(ended.pid());
    }

    @Test
    void aClosedOneTakesNothing() {
        BgProc proc = processes.backend();
        QueueInbox<String> inbox = new QueueInbox<>(proc);
        inbox.put("a");
        inbox.close();
        inbox.put("b");

        assertThat(inbox.poll()).isEmpty();
    }

    @Test
    @Tag("R69")
    void aThreadIsOneProcessAtATimeAndPidsAreNeverReused() {
        Backend first = processes.table.open("first");
        assertThat(error(() -> processes.table.open("second")).sqlState()).isEqualTo("55000");
        first.close();
        first.close();

        Backend second = processes.table.open("second");

        assertThat(second.pid()).isGreaterThan(first.pid());
        assertThat(processes.table.find(first.pid())).isEmpty();
    }

    @Test
    void aBackendThatWasClosedIsOfNoMoreUse() {
        Backend backend = processes.table.open("first");
        backend.close();

        assertThat(error(() -> backend.scope().open("x")).sqlState()).isEqualTo("55000");
        assertThat(error(() -> backend.connect(null)).sqlState()).isEqualTo("55000");
        assertThat(error(() -> backend.activity().statementStart()).sqlState()).isEqualTo("55000");
    }

    @Test
    @Tag("R219")
    void theBackendTypeOfAWorkerIsItsType() {
        BgProc proc = processes.worker();

        assertThat(processes.table.activity()).filteredOn(row -> row.pid() == proc.pid()).singleElement()
                .satisfies(row -> assertThat(row.backendType()).isEqualTo("janitor"));
        assertThat(proc.name()).isEqualTo("sweeper");
    }

    @Test
    @Tag("R193")
    @Tag("R221")
    void theActivityRowTellsWhatItsOwnerReported() {
        BgProc proc = processes.backend();
        proc.proc().activity().applicationName("fold");
        proc.proc().activity().report(Activity.State.ACTIVE, "SELECT 1");
        proc.proc().activity().report(Activity.State.IDLE, null);

        assertThat(processes.table.activity()).filteredOn(row -> row.pid() == proc.pid()).singleElement().satisfies(row -> {
            assertThat(row.applicationName()).isEqualTo("fold");
            assertThat(row.state()).isEqualTo(Activity.State.IDLE);
            assertThat(row.query()).isEqualTo("SELECT 1");
            assertThat(row.queryStart()).isEqualTo(proc.proc().activity().statementTimestamp());
        });
        assertThat(error(() -> proc.proc().activity().applicationName("x".repeat(64))).sqlState()).isEqualTo("22023");
    }
}
