package dev.bgworker.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationConverterTest {

    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S", "20s,PT20S", "2m,PT2M", "2min,PT2M", "1h,PT1H", "0s,PT0S", "3 s,PT3S", "20,PT20S"})
    void aNumberIsReadWithItsUnitAndIsSecondsWithoutOne(String text, Duration expected) {
        assertThat(new DurationConverter().convert(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s", "-1s", "1.5s", "2d", "", "99999999999s"})
    void anythingElseIsRefusedWithExamples(String text) {
        assertThatThrownBy(() -> new DurationConverter().convert(text)).isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("\"" + text + "\"").hasMessageContaining("20s");
    }
}
