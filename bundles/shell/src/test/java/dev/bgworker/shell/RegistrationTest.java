package dev.bgworker.shell;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.DefinitionText;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.process.ErrorData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RegistrationTest {

    private static final String GOOD = "../api/src/test/definitions/good.csv";
    private static final String BAD = "../api/src/test/definitions/bad.csv";
    private static final String REFUSED = "../api/src/test/definitions/refused.csv";

    private static BackgroundWorker definition(String... more) {
        List<String> words = new ArrayList<>(List.of("--bgw_library_name", "worker_spi", "--bgw_function_name", "main"));
        words.addAll(List.of(more));
        return Registration.definition(
                Arguments.parse(Usage.REGISTER, Set.of(), Registration::isOption, words.toArray(String[]::new)));
    }

    @Test
    @Tag("R2")
    void whatIsLeftOutIsTheDefaultOfTheApi() {
        assertThat(definition()).isEqualTo(BackgroundWorker.builder("main", "worker_spi", "main").build());
        assertThat(definition().restart()).isEqualTo(RestartPolicy.DEFAULT);
    }

    @Test
    void eachOptionSetsItsField() {
        BackgroundWorker worker = definition("--bgw_name", "SPI worker 3", "--bgw_restart_time=2", "--bgw_extra.a", "1",
                "--bgw_extra.b=x=y", "--backoff.factor", "3", "--limit.starts", "5", "--limit.window", "1min");

        assertThat(worker).isEqualTo(BackgroundWorker.builder("SPI worker 3", "worker_spi", "main")
                .restart(RestartPolicy.after(Duration.ofSeconds(2)).backoff(3, Duration.ofMinutes(5)).limit(5,
                        Duration.ofMinutes(1)))
                .extra(Map.of("a", "1", "b", "x=y")).build());
    }

    @Test
    void anOptionGivenTwiceIsTold() {
        assertThatThrownBy(() -> definition("--bgw_name", "a", "--bgw_name", "b"))
                .hasMessage("ERROR:  parameter \"bgw_name\" specified more than once\nHINT:  Leave one of them.");
        assertThatThrownBy(() -> definition("--color", "red")).hasMessageContaining("unrecognized option \"--color\"");
    }

    @ParameterizedTest
    @CsvFileSource(files = GOOD, delimiter = '|', quoteCharacter = '\'', numLinesToSkip = 1)
    void whatIsReadIsPrinted(String key, String text, String printed) {
        assertThat(DefinitionText.print(definition("--" + key, text))).containsEntry(key, printed);
    }

    @ParameterizedTest
    @CsvFileSource(files = BAD, delimiter = '|', quoteCharacter = '\'', numLinesToSkip = 1)
    void whatIsWrongIsToldInTheWordsOfAllWaysAndIsMisuse(String key, String text, String message, String hint) {
        assertThatThrownBy(() -> definition("--" + key, text)).isInstanceOfSatisfying(CommandFailure.class, failure -> {
            assertThat(failure.data()).isEqualTo(ErrorData.errcode("22023", message).errhint(hint));
            assertThat(failure.status()).isEqualTo(CommandFailure.MISUSE);
        });
    }

    /** What the server refuses comes to it as the other ways bring it: the words are then the same. */
    @ParameterizedTest
    @CsvFileSource(files = REFUSED, delimiter = '|', quoteCharacter = '\'', numLinesToSkip = 1)
    void whatCannotBeMeantIsLeftToTheServer(String key, String text) {
        assertThat(definition("--bgw_name", "x", "--" + key, text)).isEqualTo(DefinitionText.parse(Map
                .of("bgw_name", "x", "bgw_library_name", "worker_spi", "bgw_function_name", "main", key, text).entrySet()));
    }

    @ParameterizedTest
    @CsvSource({"10,PT10S", "10s,PT10S", "1500ms,PT1.5S", "2min,PT2M", "1 h,PT1H", "1d,PT24H", "999999999,PT999999999S"})
    void timesHaveTheUnitsOfPostgresql(String text, Duration expected) { assertThat(waiting(text)).contains(expected); }

    @ParameterizedTest
    @CsvSource({"''", "s", "-1s", "10m", "1.5s", "99999999999"})
    void whatIsNoTimeIsRefused(String text) {
        assertThatThrownBy(() -> waiting(text)).isInstanceOf(CommandFailure.class)
                .hasMessageContaining("--wait: \"" + text + "\"");
    }

    private static Optional<Duration> waiting(String text) {
        return TimeSetting.wait(Arguments.parse("x", Set.of(), Set.of("--wait"), "--wait", text));
    }
}
