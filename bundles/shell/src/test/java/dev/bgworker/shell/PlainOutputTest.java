package dev.bgworker.shell;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class PlainOutputTest {

    private static final String COLOURED = "\u001b[1;31mred\u001b[m \u00e9\u001b]0;title\u0007\u20ac"
            + "\u001b]8;;x\u001b\\link\u001b(B end\u001b7";

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 1000})
    void controlSequencesAreLeftOutWhereverTheyAreCut(int size) throws IOException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        byte[] bytes = COLOURED.getBytes(StandardCharsets.UTF_8);
        try (PlainOutput out = new PlainOutput(plain)) {
            for (int i = 0; i < bytes.length; i += size) {
                out.write(bytes, i, Math.min(size, bytes.length - i));
            }
        }
        assertThat(plain.toString(StandardCharsets.UTF_8)).isEqualTo("red \u00e9\u20aclink end");
    }
}
