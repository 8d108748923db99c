package dev.bgworker.shell;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.Datum;
import dev.bgworker.api.control.DefinitionText;
import dev.bgworker.api.control.Server.LockRow;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.LockMode;
import java.time.Duration;
import java.time.Instant;
import org.apache.felix.service.command.Descriptor;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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
    void anErrorOfTheServerIsToldAsOneOfTheCommand() {
        ErrorException full = new BackgroundWorkers.NoWorkerSlotException(8, 8, "max_worker_processes");
        workers.refuse(full);

        assertThatThrownBy(() -> commands.register("--bgw_library_name", "worker_spi", "--bgw_function_name", "f"))
                .hasNoCause().hasToString("""
                        ERROR:  no background worker slot is free
                        DETAIL:  8 of 8 are in use.
                        HINT:  Increase "max_worker_processes".""");
    }

    @Test
    void listsAndLibsReachTheServer() {
        workers.add(Workers.details("SPI worker 1", 42, WorkerDetails.State.RUNNING));

        assertThat(commands.list()).contains("SPI worker 1");
        assertThat(commands.libs("--json")).contains("\"version\": \"1.0.0\"");
        assertThat(commands.activity()).startsWith("PID  BACKEND_TYPE");
    }

    @Test
    void locksAreShownInPostgresqlsWords() {
        workers.locks.add(new LockRow("advisory", "orders", LockMode.SHARED, 4, true, null));
        workers.locks.add(new LockRow("advisory", "orders", LockMode.EXCLUSIVE, 5, false, Instant.EPOCH));
        workers.locks.add(new LockRow("lwlock", "counters", LockMode.EXCLUSIVE, 6, true, null));

        assertThat(commands.locks().lines().map(line -> line.replaceAll(" +", " "))).hasSize(4)
                .startsWith("LOCKTYPE NAME MODE PID GRANTED WAITSTART").anyMatch(line -> line.startsWith(
                        "lwlock counters LW_EXCLUSIVE 6"));
        assertThat(commands.locks("--json").lines().toList().get(1)).contains("\"name\": \"orders\"",
                "\"mode\": \"ExclusiveLock\"", "\"pid\": 5", "\"granted\": false", "\"waitstart\": \"1970");
    }

    @Test
    void waitEventsAreShown() {
        assertThat(commands.wait_events("--json")).contains("\"type\": \"Lock\"", "\"name\": \"advisory\"");
        assertThat(commands.wait_events("--help")).isEqualTo(Usage.WAIT_EVENTS);
        assertThat(commands.locks("--help")).isEqualTo(Usage.LOCKS);
    }

    @Test
    void sharedMemoryIsShown() {
        assertThat(commands.shmem().lines().map(line -> line.replaceAll(" +", " "))).startsWith("KIND NAME SIZE DETAIL")
                .anyMatch(line -> line.startsWith("segment 1 640 mapped by 2"));
        assertThat(commands.shmem("--json")).contains("\"kind\": \"spare\"", "\"name\": null", "\"size\": 1024",
                "\"detail\": \"of 2048 bytes\"");
        assertThat(commands.shmem("--help")).isEqualTo(Usage.SHMEM);
    }

    @Test
    void listCanBeNarrowedToStatesAndRows() {
        workers.add(Workers.details("a", 42, WorkerDetails.State.RUNNING));
        workers.add(Workers.details("b", 0, WorkerDetails.State.FAILED));
        workers.add(Workers.details("c", 0, WorkerDetails.State.PAUSED));

        assertThat(commands.list("--state", "failed,PAUSED").lines()).hasSize(3);
        assertThat(commands.list("--limit", "1").lines()).hasSize(2);
        assertFailure(2, () -> commands.list("--state", "ill"), "--state: \"ill\"", "WAITING, STARTING");
        assertFailure(2, () -> commands.list("--limit", "-1"), "--limit: \"-1\"");
    }

    @Test
    void helpDoesNothingButHelp() throws Exception {
        assertThat(commands.register("--help")).contains("--bgw_restart_time TIME");
        assertThat(commands.show("--help")).isEqualTo(Usage.SHOW);
        assertThat(commands.list("--help")).isEqualTo(Usage.LIST);
        assertThat(workers.handles).isEmpty();
    }

    @Test
    void helpOfRegisterHasEveryWordOfADefinition() {
        DefinitionText.KEYS.forEach(key -> assertThat(Usage.REGISTER).contains("--" + key + " "));
    }

    @Test
    void theParameterOfEachCommandIsDescribedAsThatCommandTakesIt() throws Exception {
        assertThat(describedParameter(BgwCommands.class, "register")).isEqualTo("options, as above");
        assertThat(describedParameter(WorkerCommands.class, "terminate")).startsWith("NAME, PID or --slot SLOT");
        assertThat(describedParameter(BgwCommands.class, "libs")).isEqualTo("--json, or nothing");
        assertThat(describedParameter(ServerCommands.class, "reload")).isEqualTo("options as above, or nothing");
    }

    private static String describedParameter(Class<?> commands, String command) throws NoSuchMethodException {
        return commands.getMethod(command, String[].class).getParameters()[0].getAnnotation(Descriptor.class).value();
    }

    private static void assertFailure(int status, ThrowingCallable call, String... parts) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(CommandFailure.class, failure -> assertThat(failure.status()).isEqualTo(status))
                .hasMessageStartingWith("ERROR:  ").message().contains(parts);
    }
}
