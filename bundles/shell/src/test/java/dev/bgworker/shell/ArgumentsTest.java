package dev.bgworker.shell;

import java.util.Set;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ArgumentsTest {

    private static Arguments parse(String... words) {
        return Arguments.parse("bgw:test", Set.of("--json"), Set.of("--wait", "--bgw_extra"), words);
    }

    @Test
    void optionsAndOperandsStandInAnyOrder() {
        Arguments given = parse("--wait", "10s", "SPI worker 1", "--json");

        assertThat(given.value("--wait")).contains("10s");
        assertThat(given.has("--json")).isTrue();
        assertThat(given.operand("NAME")).isEqualTo("SPI worker 1");
    }

    @Test
    void aValueMayLookLikeAnOption() {
        assertThat(parse("--wait", "--json").value("--wait")).contains("--json");
        assertThat(parse("--wait", "--json").has("--json")).isFalse();
        assertThat(parse("--wait=--json=1").value("--wait")).contains("--json=1");
    }

    @Test
    void afterTwoDashesAllIsOperand() { assertThat(parse("--", "--json").operand("NAME")).isEqualTo("--json"); }

    @Test
    void theNullThatGogoMakesOfTheWordNullIsThatWord() {
        assertThat(parse((String) null).operand("NAME")).isEqualTo("null");
        assertThat(parse("--wait", null).value("--wait")).contains("null");
    }

    @Test
    void repeatedOptionKeepsAllValuesInOrder() {
        assertThat(parse("--bgw_extra", "a=1", "--bgw_extra=b=2").values("--bgw_extra")).containsExactly("a=1", "b=2");
    }

    @Test
    void misuseNamesWhatIsWrongAndTheUsage() {
        assertMisuse(() -> parse("--jsn"), "unrecognized option \"--jsn\"");
        assertMisuse(() -> parse("--wait"), "option --wait requires a value");
        assertMisuse(() -> parse("--wait", "1", "--wait", "2").value("--wait"), "--wait was given 2 times");
        assertMisuse(() -> parse().operand("NAME"), "NAME is missing");
        assertMisuse(() -> parse("SPI", "worker").operand("NAME"), "the second is \"worker\"");
        assertMisuse(() -> parse("x").noOperands(), "unexpected argument \"x\"");
    }

    private static void assertMisuse(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOfSatisfying(CommandFailure.class, failure -> {
            assertThat(failure.status()).isEqualTo(2);
            assertThat(failure.data().hint()).isEqualTo("Usage: bgw:test");
        }).hasMessageContaining(message);
    }
}
