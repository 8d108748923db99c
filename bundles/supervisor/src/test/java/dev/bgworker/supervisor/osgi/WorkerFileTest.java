package dev.bgworker.supervisor.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.BackgroundWorker.StartTime;
import dev.bgworker.api.control.Datum;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerFileTest {

    private static final Map<String, String> NEEDED = Map.of("bgw_library_name", "lib", "bgw_function_name", "main");

    private static WorkerFile file(Map<String, String> more) {
        Map<String, String> keys = new HashMap<>(NEEDED);
        keys.putAll(more);
        return new WorkerFile("nightly", keys);
    }

    private static ErrorData refused(WorkerFile file) {
        return catchThrowableOfType(ErrorException.class, file::definition).data();
    }

    @Test
    @Tag("R2")
    void whatIsLeftOutIsAsInCode() {
        assertThat(file(Map.of()).definition()).isEqualTo(BackgroundWorker.builder("nightly", "lib", "main").build());
        assertThat(file(Map.of()).definition().restart().delay()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    @Tag("R1")
    void everyFieldCanBeSaid() {
        BackgroundWorker definition = file(Map.of("bgw_name", "the name", "bgw_type", "janitor", "bgw_flags",
                "shmem_access, DATABASE_CONNECTION,interruptible", "bgw_start_time", " consistent_state ",
                "bgw_restart_time", "0", "bgw_main_arg", "007", "bgw_notify_pid", "4", "bgw_extra.a.b", "c")).definition();

        assertThat(definition).isEqualTo(BackgroundWorker.builder("the name", "lib", "main").type("janitor")
                .flags(Set.of(Flag.values())).startTime(StartTime.CONSISTENT_STATE)
                .restart(RestartPolicy.after(Duration.ZERO)).mainArg(Datum.of("007")).notifyPid(4)
                .extra(Map.of("a.b", "c")).build());
    }

    @Test
    void neverIsAWordAndMinusOneIsToo() {
        assertThat(file(Map.of("bgw_restart_time", "never")).definition().restart().never()).isTrue();
        assertThat(file(Map.of("bgw_restart_time", "-1")).definition().restart().never()).isTrue();
        assertThat(file(Map.of("bgw_flags", "")).definition().flags()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"bgw_flags,SHMEM", "bgw_start_time,later", "bgw_restart_time,5s", "bgw_notify_pid,me", "bgw_color,red"})
    void aFaultIsToldWithItsKey(String key, String value) {
        ErrorData error = refused(file(Map.of(key, value)));

        assertThat(error.sqlState()).isEqualTo("22023");
        assertThat(error.message()).contains("\"" + key + "\"");
    }

    @Test
    void libraryAndFunctionAreNeeded() {
        assertThat(refused(new WorkerFile("x", Map.of("bgw_library_name", "lib"))).message()).contains("bgw_function_name",
                "missing");
        assertThat(refused(new WorkerFile("x", Map.of())).message()).contains("bgw_library_name");
        assertThat(new WorkerFile("x", Map.of("bgw_flags", "nonsense")).outline().name()).isEqualTo("x");
    }
}
