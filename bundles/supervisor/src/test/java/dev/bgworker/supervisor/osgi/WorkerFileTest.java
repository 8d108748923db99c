package dev.bgworker.supervisor.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.DefinitionText;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.supervisor.core.DefinitionCheck;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class WorkerFileTest {

    private static final String GOOD = "../api/src/test/definitions/good.csv";
    private static final String BAD = "../api/src/test/definitions/bad.csv";
    private static final String REFUSED = "../api/src/test/definitions/refused.csv";

    private static final Map<String, String> NEEDED = Map.of("bgw_library_name", "lib", "bgw_function_name", "main");

    private static WorkerFile file(Map<String, String> more) {
        Map<String, String> keys = new HashMap<>(NEEDED);
        keys.putAll(more);
        return new WorkerFile("x", keys);
    }

    private static ErrorData refused(WorkerFile file) {
        return catchThrowableOfType(ErrorException.class, file::definition).data();
    }

    @Test
    @Tag("R2")
    void whatIsLeftOutIsAsInCodeAndTheNameIsThatOfTheFile() {
        assertThat(file(Map.of()).definition()).isEqualTo(BackgroundWorker.builder("x", "lib", "main").build());
        assertThat(file(Map.of()).definition().restart().delay()).isEqualTo(Duration.ofSeconds(60));
        assertThat(file(Map.of("bgw_name", "the name")).definition().name()).isEqualTo("the name");
    }

    @ParameterizedTest
    @CsvFileSource(files = GOOD, delimiter = '|', quoteCharacter = '\'', numLinesToSkip = 1)
    void whatIsReadIsPrinted(String key, String text, String printed) {
        assertThat(DefinitionText.print(file(Map.of(key, text)).definition())).containsEntry(key, printed);
    }

    @ParameterizedTest
    @CsvFileSource(files = BAD, delimiter = '|', quoteCharacter = '\'', numLinesToSkip = 1)
    void whatIsWrongIsToldInTheWordsOfAllWays(String key, String text, String message, String hint) {
        assertThat(refused(file(Map.of(key, text)))).isEqualTo(ErrorData.errcode("22023", message).errhint(hint));
    }

    @ParameterizedTest
    @CsvFileSource(files = REFUSED, delimiter = '|', quoteCharacter = '\'', numLinesToSkip = 1)
    @Tag("R3")
    void whatCannotBeMeantIsRefusedInTheWordsOfAllWays(String key, String text, String message, String hint) {
        assertThat(DefinitionCheck.errorIn(file(Map.of(key, text)).definition()))
                .contains(ErrorData.errcode("22023", message).errhint(hint));
    }

    @Test
    void aFileThatIsRefusedCanStillBeShown() {
        assertThat(refused(new WorkerFile("x", Map.of())).message()).contains("bgw_library_name", "bgw_function_name");
        assertThat(new WorkerFile("x", Map.of("bgw_flags", "nonsense")).outline().name()).isEqualTo("x");
    }
}
