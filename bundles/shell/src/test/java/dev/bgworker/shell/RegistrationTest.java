package dev.bgworker.shell;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.BackgroundWorker.StartTime;
import dev.bgworker.api.control.Datum;
import dev.bgworker.api.control.RestartPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RegistrationTest {

    private static BackgroundWorker definition(String... more) {
        List<String> words = new ArrayList<>(List.of("--bgw_library_name", "worker_spi", "--bgw_function_name", "main"));
        words.addAll(List.of(more));
        return Registration.definition(
                Arguments.parse(Usage.REGISTER, Set.of(), Registration.OPTIONS, words.toArray(String[]::new)));
    }

    @Test
    @Tag("R2")
    void whatIsLeftOutIsTheDefaultOfTheApi() {
        assertThat(definition()).isEqualTo(BackgroundWorker.builder("main", "worker_spi", "main").build());
        assertThat(definition().restart()).isEqualTo(RestartPolicy.DEFAULT);
    }

    @Test
    void eachOptionSetsItsField() {
        BackgroundWorker worker = definition("--bgw_name", "SPI worker 3", "--bgw_type", "SPI", "--bgw_main_arg", "4",
                "--bgw_restart_time", "2", "--bgw_start_time", "consistent_state", "--bgw_flags", "shmem_access",
                "--bgw_extra", "a=1", "--bgw_extra", "b=x=y");

        assertThat(worker).isEqualTo(BackgroundWorker.builder("SPI worker 3", "worker_spi", "main").type("SPI")
                .mainArg(Datum.of(4)).restart(RestartPolicy.after(Duration.ofSeconds(2)))
                .startTime(StartTime.CONSISTENT_STATE).flags(Set.of(Flag.SHMEM_ACCESS)).extra(Map.of("a", "1", "b", "x=y"))
                .build());
    }

    @Test
    void noFlagsAtAllCanBeSaid() { assertThat(definition("--bgw_flags", "").flags()).isEmpty(); }

    @Test
    @Tag("R2")
    void neverRestartMustBeSaid() {
        assertThat(definition("--bgw_restart_time", "never").restart()).isEqualTo(RestartPolicy.NEVER);
        assertThat(definition("--bgw_restart_time", "-1").restart()).isEqualTo(RestartPolicy.NEVER);
        assertThat(definition("--bgw_restart_time", "0").restart()).isEqualTo(RestartPolicy.after(Duration.ZERO));
    }

    @ParameterizedTest
    @CsvSource({"--bgw_restart_time,soon", "--bgw_restart_time,-2", "--bgw_start_time,later", "--bgw_flags,shmem",
            "--bgw_extra,key", "--bgw_extra,=value"})
    void aWrongValueIsNamedWithItsOption(String option, String value) {
        assertThatThrownBy(() -> definition(option, value)).isInstanceOf(CommandFailure.class)
                .hasMessageContaining(option).hasMessageContaining("\"" + value + "\"").hasMessageContaining("HINT:  ");
    }

    @ParameterizedTest
    @CsvSource({"10,PT10S", "10s,PT10S", "1500ms,PT1.5S", "2min,PT2M", "1 h,PT1H", "1d,PT24H", "999999999,PT999999999S"})
    void timesHaveTheUnitsOfPostgresql(String text, Duration expected) {
        assertThat(TimeSetting.parse("--wait", text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"''", "s", "-1s", "10m", "1.5s", "1000000000"})
    void whatIsNoTimeIsRefused(String text) {
        assertThatThrownBy(() -> TimeSetting.parse("--wait", text)).isInstanceOf(CommandFailure.class)
                .hasMessageContaining("--wait: \"" + text + "\"");
    }
}
