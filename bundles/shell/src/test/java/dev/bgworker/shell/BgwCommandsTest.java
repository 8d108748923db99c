package dev.bgworker.shell;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.Datum;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.ErrorException;
import java.time.Duration;
import org.apache.felix.service.command.Descriptor;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BgwCommandsTest {

    private final Workers workers = new Workers();
    private final BgwCommands commands = new BgwCommands(workers, workers);

    @Test
    void registerLaunchesAndTellsNameStateAndPid() throws Exception {
        assertThat(commands.register("--bgw_library_name", "worker_spi", "--bgw_function_name", "worker_spi_main",
                "--bgw_main_arg", "4", "--wait", "10s")).isEqualTo("worker_spi_main: RUNNING, pid 100, not ready");

        assertThat(workers.handles.get(0).readyAwaited).isEqualTo(Duration.ofSeconds(10));
        BackgroundWorker registered = workers.handles.get(0).details().definition();
        assertThat(registered.mainArg()).isEqualTo(Datum.of(4));
    }

    @Test
    @Tag("R61")
    void terminateTakesAPidOrAName() throws Exception {
        Workers.Handle one = workers.add(Workers.details("SPI worker 1", 42, WorkerDetails.State.RUNNING));
        Workers.Handle two = workers.add(Workers.details("SPI worker 2", 43, WorkerDetails.State.RUNNING));

        assertThat(commands.terminate("--wait", "10s", "42")).isEqualTo("SPI worker 1: gone");
        assertThat(two.terminated).isZero();
        commands.terminate("SPI worker 2");
        assertThat(one.terminated).isOne();
        assertThat(two.terminated).isOne();
    }

    @Test
    void aNumberIsAPidBeforeItIsAName() throws Exception {
        Workers.Handle named = workers.add(Workers.details("42", 7, WorkerDetails.State.RUNNING));
        Workers.Handle meant = workers.add(Workers.details("other", 42, WorkerDetails.State.RUNNING));

        commands.terminate("42");

        assertThat(meant.terminated).isOne();
        assertThat(named.terminated).isZero();
    }

    @Test
    void unknownWorkerIsNamedAndHasItsOwnStatus() {
        assertFailure(3, () -> commands.terminate("nobody"), "background worker \"nobody\" does not exist", "bgw:list");
        assertFailure(3, () -> commands.show("4711"), "PID 4711 is not a background worker", "bgw:list");
    }

    @Test
    void aSharedNameIsNotTerminatedButThePidsAreListed() {
        Workers.Handle one = workers.add(Workers.details("crawl", 42, WorkerDetails.State.RUNNING));
        workers.add(Workers.details("crawl", 43, WorkerDetails.State.RUNNING));

        assertFailure(1, () -> commands.terminate("crawl"), "2 background workers are named \"crawl\"", "pid 42, pid 43",
                "HINT:  Give the pid instead of the name. With --all");
        assertThat(one.terminated).isZero();
        assertThat(commands.show("crawl")).containsSubsequence("pid                42", "pid                43");
    }

    @Test
    @Tag("R63")
    void aWorkerThatIsStillThereAfterTheWaitIsAFailure() {
        workers.add(Workers.details("slow", 42, WorkerDetails.State.RUNNING))
                .onTerminate(now -> Workers.details(now.definition(), now.pid(), WorkerDetails.State.STOPPING));

        assertFailure(1, () -> commands.terminate("--wait", "500ms", "slow"),
                "background worker \"slow\" (pid 42) is not gone after 500 ms", "STOPPING", "bgw_stop_timeout");
    }

    @Test
    void withoutWaitTerminateTellsWhatItDid() throws Exception {
        workers.add(Workers.details("slow", 42, WorkerDetails.State.RUNNING))
                .onTerminate(now -> Workers.details(now.definition(), now.pid(), WorkerDetails.State.STOPPING));

        workers.add(Workers.details("coming", 0, WorkerDetails.State.STARTING));
        workers.add(Workers.details("resting", 0, WorkerDetails.State.BACKOFF));

        assertThat(commands.terminate("slow")).isEqualTo("slow: told to terminate (PID 42)");
        assertThat(commands.terminate("coming")).isEqualTo("coming: told to terminate");
        assertThat(commands.terminate("resting")).isEqualTo("resting: unregistered");
    }

    @Test
    void anAbandonedWorkerIsNotCalledGone() {
        workers.add(Workers.details("stuck", 42, WorkerDetails.State.RUNNING))
                .onTerminate(now -> Workers.details(now.definition(), 0, WorkerDetails.State.ABANDONED));

        assertFailure(1, () -> commands.terminate("--wait", "1s", "stuck"), "\"stuck\" does not end and was given up");
    }

    @Test
    void whatThePromptPrintsOfAFailureHasNoClassName() { assertThatThrownBy(() -> commands.terminate("nobody"))
            .hasToString("""
                    ERROR:  background worker "nobody" does not exist
                    HINT:  bgw:list shows names, slots and pids; quote a name that contains blanks."""); }

    @Test
    void anErrorOfTheServerIsToldAsOneOfTheCommand() {
        ErrorException full = new BackgroundWorkers.NoWorkerSlotException(8, 8, "max_worker_processes");
        workers.refuse(full);

        assertThatThrownBy(() -> commands.register("--bgw_library_name", "worker_spi", "--bgw_function_name", "f"))
                .hasCause(full).hasToString("""
                        ERROR:  no background worker slot is free
                        DETAIL:  8 of 8 are in use.
                        HINT:  Increase "max_worker_processes".""");
    }

    @Test
    void reloadListsAndLibsReachTheServer() {
        workers.add(Workers.details("SPI worker 1", 42, WorkerDetails.State.RUNNING));

        assertThat(commands.reload()).isEqualTo("server signaled");
        assertThat(workers.reloads).isOne();
        assertThat(commands.list()).contains("SPI worker 1");
        assertThat(commands.libs("--json")).contains("\"version\": \"1.0.0\"");
        assertThat(commands.activity()).startsWith("PID  BACKEND_TYPE");
    }

    @Test
    void helpDoesNothingButHelp() throws Exception {
        assertThat(commands.register("--help")).contains("--bgw_restart_time TIME");
        assertThat(commands.terminate("--help", "x")).isEqualTo(Usage.TERMINATE);
        assertThat(commands.reload("--help")).isEqualTo(Usage.RELOAD);
        assertThat(commands.show("--help")).isEqualTo(Usage.SHOW);
        assertThat(workers.reloads).isZero();
    }

    @Test
    void theParameterOfEachCommandIsDescribedAsThatCommandTakesIt() throws Exception {
        assertThat(describedParameter("register")).isEqualTo("options, as above");
        assertThat(describedParameter("terminate")).startsWith("NAME, PID or --slot SLOT");
        assertThat(describedParameter("list")).isEqualTo("--json, or nothing");
        assertThat(describedParameter("reload")).isEqualTo("nothing");
    }

    private static String describedParameter(String command) throws NoSuchMethodException {
        return BgwCommands.class.getMethod(command, String[].class).getParameters()[0].getAnnotation(Descriptor.class)
                .value();
    }

    private static void assertFailure(int status, ThrowingCallable call, String... parts) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(CommandFailure.class, failure -> assertThat(failure.status()).isEqualTo(status))
                .hasMessageStartingWith("ERROR:  ").message().contains(parts);
    }
}
