package dev.bgworker.api.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.BackgroundWorker.StartTime;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class DefinitionTextTest {

    private static final String GOOD = "src/test/definitions/good.csv";
    private static final String BAD = "src/test/definitions/bad.csv";

    private static BackgroundWorker parse(String... more) {
        List<Map.Entry<String, String>> texts = new ArrayList<>();
        texts.add(Map.entry("bgw_library_name", " lib "));
        texts.add(Map.entry("bgw_function_name", "main"));
        for (int i = 0; i < more.length; i += 2) {
            texts.add(Map.entry(more[i], more[i + 1]));
        }
        return DefinitionText.parse(texts);
    }

    private static ErrorData refused(String... more) {
        return catchThrowableOfType(ErrorException.class, () -> parse(more)).data();
    }

    @Test
    @Tag("R2")
    void whatIsLeftOutIsAsInCode() {
        assertThat(parse()).isEqualTo(BackgroundWorker.builder("main", "lib", "main").build());
        assertThat(parse().restart()).isEqualTo(RestartPolicy.after(Duration.ofSeconds(60)));
    }

    @Test
    @Tag("R1")
    void everyFieldCanBeSaidAndIsPrintedAsItCanBeReadAgain() {
        BackgroundWorker all = BackgroundWorker.builder("the name", "lib", "main").type("janitor")
                .flags(Set.of(Flag.values())).startTime(StartTime.CONSISTENT_STATE)
                .restart(new RestartPolicy(Duration.ofSeconds(2), 3, Duration.ofHours(1), 0.25, Duration.ofMillis(1500), 5,
                        Duration.ofMinutes(1)))
                .mainArg(Datum.of(4L << 40)).notifyPid(4).role("clerk").extra(Map.of("a.b", "c", "d", " =| "))
                .runsIn(Set.of(Server.State.CONSISTENT, Server.State.RECOVERY_FINISHED)).outlivesOwner().build();

        Map<String, String> printed = DefinitionText.print(all);

        assertThat(printed.keySet()).containsAll(DefinitionText.KEYS).endsWith("bgw_extra.a.b", "bgw_extra.d");
        assertThat(DefinitionText.parse(printed.entrySet())).isEqualTo(all);
    }

    @ParameterizedTest
    @CsvFileSource(files = GOOD, delimiter = '|', quoteCharacter = '\'', numLinesToSkip = 1)
    void whatIsReadIsPrinted(String key, String text, String printed) {
        Map<String, String> again = DefinitionText.print(parse(key, text));

        assertThat(again).containsEntry(key, printed);
        assertThat(DefinitionText.print(DefinitionText.parse(again.entrySet()))).isEqualTo(again);
    }

    @ParameterizedTest
    @CsvFileSource(files = BAD, delimiter = '|', quoteCharacter = '\'', numLinesToSkip = 1)
    void whatIsWrongIsToldWithKeyValueAndWhatMayBeWritten(String key, String text, String message, String hint) {
        assertThat(refused(key, text)).isEqualTo(ErrorData.errcode("22023", message).errhint(hint));
    }

    @Test
    void allFaultsAreToldTogether() {
        ErrorData both = refused("bgw_start_time", "later", "bgw_outlives_owner", "maybe", "bgw_start_time", "never");

        assertThat(both.message()).isEqualTo("invalid value for parameter \"bgw_start_time\": \"later\"; "
                + "invalid value for parameter \"bgw_outlives_owner\": \"maybe\"; "
                + "parameter \"bgw_start_time\" specified more than once");
        assertThat(both.hint()).contains("postmaster_start", "on, off", "Leave one of them.");
    }

    @Test
    void libraryAndFunctionAreNeeded() {
        ErrorData missing = catchThrowableOfType(ErrorException.class,
                () -> DefinitionText.parse(Map.of("bgw_library_name", " ").entrySet())).data();

        assertThat(missing.message()).isEqualTo("parameter \"bgw_library_name\" must be specified; "
                + "parameter \"bgw_function_name\" must be specified");
        assertThat(missing.hint()).isEqualTo("Say which function of which library to run.");
    }

    @Test
    void aKeyOfExtraNeedsAName() {
        assertThat(parse("bgw_extra.x", "").extra()).isEqualTo(Map.of("x", ""));
        assertThat(refused("bgw_extra.", "y").message()).isEqualTo("unrecognized parameter \"bgw_extra.\"");
        assertThat(refused("bgw_extra.x", "1", "bgw_extra.x", "2").message()).contains("specified more than once");
    }

    @Test
    void anArgumentThatIsTooLongIsRefusedAsInCode() {
        assertThat(refused("bgw_main_arg", "x".repeat(65_537)))
                .isEqualTo(ErrorData.errcode("22023", "main argument is too long").errdetail("65537 bytes, 65536 at most."));
    }

    @Test
    @Tag("R2")
    void oneKeyTurnsBackOffOnAndTheOthersAreAsBackoffHasThem() {
        RestartPolicy usual = RestartPolicy.after(Duration.ofSeconds(2)).backoff(2, Duration.ofMinutes(5));

        assertThat(parse("bgw_restart_time", "2", "backoff.cap", "5min").restart()).isEqualTo(usual);
        assertThat(parse("backoff.healthy_after", "20s", "bgw_restart_time", "2").restart()).isEqualTo(usual);
        assertThat(parse("bgw_restart_time", "1h", "backoff.factor", "3").restart().cap()).isEqualTo(Duration.ofHours(1));
        assertThat(parse("bgw_restart_time", "2", "limit.starts", "5", "limit.window", "1min").restart())
                .isEqualTo(RestartPolicy.after(Duration.ofSeconds(2)).limit(5, Duration.ofMinutes(1)));
    }

    @Test
    void aPolicyOfOneThatIsNeverRestartedIsAMistake() {
        assertThat(refused("bgw_restart_time", "never", "limit.starts", "3").message())
                .isEqualTo("parameter \"limit.starts\" cannot be set for a worker that is never restarted");
        assertThat(DefinitionText.print(BackgroundWorker.builder("x", "lib", "main")
                .restart(RestartPolicy.NEVER.backoff(2, Duration.ofHours(1))).build())).doesNotContainKey("backoff.factor");
    }
}
