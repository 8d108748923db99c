package dev.bgworker.supervisor.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bgworker.api.RegisterBackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.DefinitionText;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.supervisor.core.DefinitionCheck;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class AnnotatedWorkerTest {

    private static final String GOOD = "../api/src/test/definitions/good.csv";
    private static final String BAD = "../api/src/test/definitions/bad.csv";
    private static final String REFUSED = "../api/src/test/definitions/refused.csv";

    private static final Map<String, String> MEMBERS = Map.ofEntries(Map.entry("bgw_name", "name"),
            Map.entry("bgw_type", "type"), Map.entry("bgw_flags", "flags"), Map.entry("bgw_start_time", "startTime"),
            Map.entry("bgw_restart_time", "restartSeconds"), Map.entry("bgw_main_arg", "mainArg"),
            Map.entry("bgw_role", "role"), Map.entry("bgw_runs_in", "runsIn"), Map.entry("backoff.factor", "backoffFactor"),
            Map.entry("backoff.cap", "backoffCapSeconds"), Map.entry("backoff.jitter", "backoffJitter"),
            Map.entry("backoff.healthy_after", "backoffHealthyAfterSeconds"), Map.entry("limit.starts", "limitStarts"),
            Map.entry("limit.window", "limitWindowSeconds"));

    /** The properties that the annotation leaves when it says nothing but the name, then those of the given members. */
    private static BackgroundWorker read(Map<String, ?> said) {
        Map<String, Object> properties = new HashMap<>(Map.of("bgw.name", "x", "service.id", 7));
        for (Method member : RegisterBackgroundWorker.class.getDeclaredMethods()) {
            if (member.getDefaultValue() != null) {
                properties.put("bgw." + member.getName(), property(member.getDefaultValue()));
            }
        }
        said.forEach((member, value) -> properties.put("bgw." + member, value));
        return AnnotatedWorker.read(properties, "lib", "main");
    }

    private static Object property(Object value) {
        return value instanceof Object[] several
                ? several.length == 0 ? new String[]{""} : Arrays.stream(several).map(String::valueOf).toArray(String[]::new)
                : value instanceof Enum<?> one ? one.name() : value;
    }

    private static ErrorData refused(Map<String, ?> said) {
        return catchThrowableOfType(ErrorException.class, () -> read(said)).data();
    }

    @Test
    @Tag("R2")
    void whatIsLeftOutIsAsInCode() {
        assertThat(read(Map.of())).isEqualTo(BackgroundWorker.builder("x", "lib", "main").build());
    }

    @Test
    void everyMemberIsOneOfTheWords() {
        assertThat(Arrays.stream(RegisterBackgroundWorker.class.getDeclaredMethods()).map(Method::getName))
                .containsExactlyInAnyOrderElementsOf(
                        List.of(MEMBERS.values(), List.of("extra")).stream().flatMap(each -> each.stream())
                                .collect(Collectors.toList()));
    }

    @Test
    void membersHaveTheTypesOfJavaAndSayTheSame() {
        BackgroundWorker worker = read(Map.of("restartSeconds", 2, "backoffFactor", 1.5, "backoffCapSeconds", 600,
                "backoffJitter", 0.00001, "backoffHealthyAfterSeconds", 0, "limitStarts", 3, "limitWindowSeconds", 60,
                "runsIn", new String[]{"CONSISTENT", "RECOVERY_FINISHED"}, "extra", new String[]{"a=b=c", "d="}));

        assertThat(DefinitionText.print(worker)).containsAllEntriesOf(Map.of("bgw_restart_time", "2s", "backoff.factor",
                "1.5", "backoff.cap", "600s", "backoff.jitter", "0.00001", "backoff.healthy_after", "0s", "limit.starts",
                "3", "limit.window", "60s", "bgw_runs_in", "consistent,recovery_finished", "bgw_extra.a", "b=c",
                "bgw_extra.d", ""));
    }

    @Test
    void aPairOfExtraNeedsAKey() {
        assertThat(refused(Map.of("extra", new String[]{"colour"})).message())
                .isEqualTo("invalid value for parameter \"bgw_extra\": \"colour\"");
    }

    @ParameterizedTest
    @CsvFileSource(files = GOOD, delimiter = '|', quoteCharacter = '\'', numLinesToSkip = 1)
    void whatIsReadIsPrinted(String key, String text, String printed) {
        assertThat(DefinitionText.print(read(Map.of(MEMBERS.get(key), text)))).containsEntry(key, printed);
    }

    @ParameterizedTest
    @CsvFileSource(files = BAD, delimiter = '|', quoteCharacter = '\'', numLinesToSkip = 1)
    void whatIsWrongIsToldInTheWordsOfAllWays(String key, String text, String message, String hint) {
        assumeTrue(MEMBERS.containsKey(key), "no member says it");

        assertThat(refused(Map.of(MEMBERS.get(key), text))).isEqualTo(ErrorData.errcode("22023", message).errhint(hint));
    }

    @ParameterizedTest
    @CsvFileSource(files = REFUSED, delimiter = '|', quoteCharacter = '\'', numLinesToSkip = 1)
    @Tag("R3")
    void whatCannotBeMeantIsRefusedInTheWordsOfAllWays(String key, String text, String message, String hint) {
        assertThat(DefinitionCheck.errorIn(read(Map.of(MEMBERS.get(key), text))))
                .contains(ErrorData.errcode("22023", message).errhint(hint));
    }
}
