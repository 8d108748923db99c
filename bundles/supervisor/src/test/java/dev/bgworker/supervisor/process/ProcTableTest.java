package dev.bgworker.supervisor.process;

import static dev.bgworker.supervisor.process.Processes.error;
import static dev.bgworker.supervisor.process.Processes.get;
import static dev.bgworker.supervisor.process.Processes.inThread;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.Backend;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.Scope.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ProcTableTest {

    private static final String SHUTTING_DOWN = "the database system is shutting down";

    private final Processes processes = new Processes();
    private final ProcTable table = processes.table;
    private final List<String> trace = new ArrayList<>();

    @AfterEach
    void close() { processes.close(); }

    @Test
    @Tag("R80")
    void theLastBackendThatClosesEndsTheWaitForThemAndWorkersDoNotCount() {
        Backend backend = table.open("session");
        ProcArray.Entry client = table.openClient("app", "jdbc", () -> {});
        table.whenNoBackends(() -> trace.add("none"));

        table.closeClient(client);
        table.closeClient(client);
        assertThat(trace).isEmpty();
        backend.close();
        assertThat(trace).containsExactly("none");
        processes.worker();
        table.whenNoBackends(() -> trace.add("none still"));
        table.end(table.mine().orElseThrow());
        table.open("later").close();

        assertThat(trace).containsExactly("none", "none still");
    }

    @Test
    @Tag("R80")
    void noBackendComesAnyMoreOnceTheyAreRefused() {
        table.refuseBackends(SHUTTING_DOWN);

        assertThat(error(() -> table.open("late"))).satisfies(
                refused -> assertThat(refused.sqlState() + refused.message()).isEqualTo("57P03" + SHUTTING_DOWN));
        assertThat(error(() -> table.openClient("late", "jdbc", () -> {})).sqlState()).isEqualTo("57P03");
        table.whenNoBackends(() -> trace.add("none"));
        assertThat(trace).containsExactly("none");
    }

    @Test
    void aBackendWhoseCallbackFailsIsGoneAllTheSame() {
        Backend backend = table.open("session");
        backend.scope().on(Event.ON_PROC_EXIT, end -> {
            throw new IllegalStateException("boom");
        });

        assertThat(error(backend::close).message()).contains("boom");

        assertThat(table.find(backend.pid())).isEmpty();
        table.open("next").close();
    }

    @Test
    @Tag("R129")
    void aBackendThatWasQuitClosesWithoutItsCallbacks() {
        Backend backend = table.open("session");
        backend.scope().on(Event.ON_PROC_EXIT, end -> trace.add("never"));
        table.signal(backend.pid(), Signal.QUIT);

        assertThat(Processes.exit(backend::close)).isEqualTo(2);

        assertThat(trace).isEmpty();
        assertThat(table.find(backend.pid())).isEmpty();
    }

    @Test
    @Tag("R59")
    void aProcessHasTheEpochInWhichItBeganAndSharedMemoryOfNoOther() throws Exception {
        BgProc before = processes.backend();
        table.epoch(1);

        assertThat(before.epoch()).isZero();
        assertThat(error(() -> before.proc().shmem())).satisfies(
                stale -> assertThat(stale.sqlState() + stale.message() + stale.hint()).contains("55000", "epoch 0",
                        "epoch 1",
                        "open another"));
        assertThat(get(inThread(() -> {
            BgProc after = processes.backend();
            return after.epoch() + error(() -> after.proc().shmem()).hint();
        }))).isEqualTo("1Install and start the bundle dev.bgworker.ipc.");
    }

    @Test
    @Tag("R92")
    void aWorkersDefinitionIsReadableFromAnyThread() throws Exception {
        WorkerProc worker = (WorkerProc) processes.worker(Set.of()).proc();

        assertThat(get(inThread(worker::entry))).isSameAs(worker.entry());
        assertThat(worker.entry().name()).isEqualTo("sweeper");
    }

    @Test
    @Tag("R80")
    void aBackendWhoseThreadDiedIsReleasedAndHoldsUpNoSmartShutdown() throws Exception {
        RecordingProvider provider = new RecordingProvider();
        processes.providers.add(provider);
        try (Log log = new Log()) {
            Thread dies = new Thread(() -> {
                table.open("left behind").scope().on(Event.ON_PROC_EXIT, end -> trace.add("never"));
                table.current().enlist(provider);
            }, "forgetful");
            dies.start();
            dies.join();

            assertThat(table.activity()).isEmpty();
            CompletableFuture<Boolean> none = new CompletableFuture<>();
            table.whenNoBackends(() -> none.complete(true));

            assertThat(get(none)).isTrue();
            assertThat(table.list()).isEmpty();
            assertThat(provider.trace).contains("LWLOCKS", "PROC");
            assertThat(trace).isEmpty();
            assertThat(log.text()).containsOnlyOnce("WARN").contains("\"forgetful\"", "\"left behind\"");
        }
    }
}
