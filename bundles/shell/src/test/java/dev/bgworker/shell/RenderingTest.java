package dev.bgworker.shell;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.control.Server.LibraryRow;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.Activity;
import dev.bgworker.api.process.ErrorData;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RenderingTest {

    private static final Text UTC = new Text(ZoneOffset.UTC);
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00.123456Z");

    private final WorkerDetails failed = new WorkerDetails(
            BackgroundWorker.builder("SPI worker 2", "worker_spi", "worker_spi_main").type("worker_spi")
                    .restart(RestartPolicy.NEVER).extra(Map.of("b", "2", "a", "1")).build(),
            1, 7, BackgroundWorkerHandle.Status.STOPPED, WorkerDetails.State.BACKOFF, "exit 1", 0, false, 1,
            Optional.of(ErrorData.errcode("42P01", "relation \"x\" does not exist").errdetail("One.\nTwo.")
                    .errhint("Create it.").errcontext("turn 3")),
            4,
            Optional.of(NOON), "worker_spi");

    @Test
    @Tag("R67")
    void listAlignsColumnsAndShowsADashWhereThereIsNothingToSay() {
        String text = Views
                .workers(List.of(Workers.details("SPI worker 1", 42, WorkerDetails.State.RUNNING), failed)).text(UTC);

        assertThat(text.lines()).containsExactly(
                "SLOT  PID  NAME          TYPE          LIBRARY     STATE    "
                        + "RESTARTS  LAST-EXIT  NEXT-START                REASON",
                "0     42   SPI worker 1  SPI worker 1  worker_spi  RUNNING  "
                        + "0         -          -                         -",
                "1     -    SPI worker 2  worker_spi    worker_spi  BACKOFF  "
                        + "4         1          2026-01-02T12:00:00.123Z  exit 1");
    }

    @Test
    void longAndWideNamesAreNotCutAndKeepTheColumns() {
        String name = "w\u00f6rker \ud83d\ude00 ".repeat(9) + "end";

        List<String> lines = new Table(List.of("NAME", "STATE"), List.of(List.of(name, "RUNNING"), List.of("a", "STOPPED")))
                .text(UTC).lines().toList();

        assertThat(lines.get(1)).startsWith(name + "  RUNNING");
        assertThat(lines.get(2).indexOf("STOPPED")).isEqualTo(name.codePointCount(0, name.length()) + 2);
    }

    @Test
    void controlCharactersOfAWorkerDoNotReachTheTerminal() {
        assertThat(UTC.cell("SELECT 1\n\tFROM \u001b[31mx\u009b")).isEqualTo("SELECT 1  FROM ?[31mx?");
    }

    @Test
    void showPutsOneFieldOnALineAndContinuesBelowIt() { assertThat(WorkerSheet.of(failed, List.of(), List.of()).text(UTC))
            .contains("""
                    bgw_name            SPI worker 2
                    bgw_type            worker_spi
                    bgw_flags           shmem_access,database_connection
                    bgw_start_time      recovery_finished
                    bgw_restart_time    never
                    bgw_library_name    worker_spi
                    bgw_function_name   worker_spi_main
                    bgw_main_arg        0
                    bgw_notify_pid      0
                    bgw_role            -
                    bgw_runs_in         -
                    bgw_outlives_owner  off
                    bgw_extra.a         1
                    bgw_extra.b         2
                    state               BACKOFF
                    """, """
                    pid                 -
                    """, """
                    last_error          ERROR:  42P01: relation "x" does not exist
                                        DETAIL:  One.
                                        Two.
                                        HINT:  Create it.
                                        CONTEXT:  turn 3
                    """); }

    @Test
    void showAddsTheActivityOfTheWorkersOwnPid() {
        WorkerDetails running = Workers.details("SPI worker 1", 42, WorkerDetails.State.RUNNING);
        String text = WorkerSheet.of(running, List.of(row(41, "other"), row(42, "postgres")), List.of()).text(UTC);

        assertThat(text).contains("datname             postgres\n", "activity            idle in transaction\n",
                "wait_event          WorkerSpiMain").doesNotContain("other");
        assertThat(WorkerSheet.of(failed, List.of(row(0, "x")), List.of()).fields()).doesNotContainKey("datname");
    }

    @Test
    @Tag("R2")
    void showTellsThePolicyInTheWordsThatSetIt() {
        BackgroundWorker patient = BackgroundWorker.builder("x", "lib", "main")
                .restart(RestartPolicy.after(Duration.ofSeconds(2)).backoff(3, Duration.ofMinutes(1)).limit(5,
                        Duration.ofMinutes(10)))
                .runsIn(Set.of(Server.State.CONSISTENT)).build();

        assertThat(WorkerSheet.of(Workers.details(patient, 0, WorkerDetails.State.FAILED), List.of(), List.of()).text(UTC))
                .contains("bgw_restart_time       2s\n", "bgw_runs_in            consistent\n",
                        "backoff.factor         3\n", "backoff.cap            60s\n", "backoff.jitter         0.2\n",
                        "backoff.healthy_after  20s\n", "limit.starts           5\n", "limit.window           600s\n",
                        "state                  FAILED\n");
    }

    @Test
    void showTellsWhichVersionOfTheLibraryIsCurrent() {
        String text = WorkerSheet.of(failed, List.of(),
                List.of(new LibraryRow("other", "9.0.0", "other.jar", "CURRENT", ""),
                        new LibraryRow("worker_spi", "1.1.0", "b.jar", "CURRENT", ""),
                        new LibraryRow("worker_spi", "1.0.0", "a.jar", "SHADOWED", "version 1.1.0 is current")))
                .text(UTC);

        assertThat(text).contains("library_version     1.1.0\n", "library_file        b.jar\n",
                "library_shadowed    1.0.0 in a.jar\n").doesNotContain("9.0.0");
    }

    private static Server.ActivityRow row(long pid, String database) {
        return new Server.ActivityRow(pid, "worker_spi", "SPI worker 1", "worker_spi", database, null, "",
                Activity.State.IDLE_IN_TRANSACTION, "SELECT 1", NOON, NOON, null, null, "Extension", "WorkerSpiMain");
    }

    @Test
    void jsonKeepsNumbersAndNullsAndEscapesTexts() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("a\"b", "\\ \n \u0007 \u00e9 \ud83d\ude00 \ud83d");
        object.put("n", Arrays.asList(1, null, true, NOON));

        assertThat(Json.of(object)).isEqualTo("{\"a\\\"b\": \"\\\\ \\n \\u0007 \u00e9 \ud83d\ude00 \\ud83d\", "
                + "\"n\": [1, null, true, \"2026-01-02T12:00:00.123456Z\"]}");
    }

    @Test
    void jsonOfATableHasAnObjectForEachRow() {
        assertThat(Views.workers(List.of(failed)).json())
                .isEqualTo("[{\"slot\": 1, \"pid\": null, \"name\": \"SPI worker 2\", "
                        + "\"type\": \"worker_spi\", \"library\": \"worker_spi\", \"state\": \"BACKOFF\", \"restarts\": 4, "
                        + "\"last_exit\": 1, \"next_start\": \"2026-01-02T12:00:00.123456Z\", \"reason\": \"exit 1\"}]");
        assertThat(WorkerSheet.of(failed, List.of(), List.of()).json()).contains(
                "\"bgw_extra.a\": \"1\", \"bgw_extra.b\": \"2\"",
                "\"last_error\": {\"sqlstate\": \"42P01\"");
    }
}
