package worker_spi;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

class NaptimeTest {

    private static final Duration CURRENT = ofSeconds(7);

    @Test
    void settingDecidesAndOneSecondIsTheDefault() {
        assertThat(Naptime.of(Map.of("worker_spi.naptime", "2147483647"), CURRENT)).isEqualTo(ofSeconds(2147483647));
        assertThat(Naptime.of(Map.of(), CURRENT)).isEqualTo(ofSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "2147483648", "99999999999", "soon", "1.5", ""})
    void valueThatIsRefusedLeavesTheCurrentOne(String value) {
        assertThat(Naptime.of(Map.of("worker_spi.naptime", value), CURRENT)).isEqualTo(CURRENT);
    }
}
