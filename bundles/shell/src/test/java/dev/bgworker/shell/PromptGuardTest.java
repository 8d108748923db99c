package dev.bgworker.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.felix.gogo.jline.Parser;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JLine's reader and Gogo's parser as the shell puts them together, at a terminal whose keys are given. */
class PromptGuardTest {

    private static final Completer NAMES = (reader, line, found) -> found.add(new Candidate("SPI worker 1"));

    private static LineReader reader(String keys, Completer completer) throws IOException {
        InputStream in = new ByteArrayInputStream(keys.getBytes(StandardCharsets.UTF_8));
        return LineReaderBuilder.builder()
                .terminal(new ExternalTerminal("test", "ansi", in, new ByteArrayOutputStream(), StandardCharsets.UTF_8))
                .parser(new Parser())
                .completer(completer).build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"show 'SPI", "show \"SPI", "show '", "show \"", "show $(", "show {", "'", "", "show ${",
            "show [",
            "show 'a b' 'c", "show a\\", "show |", "show <<<", "show %("})
    void theTabKeyWithinAnOpenQuoteLeavesTheReaderReading(String line) throws IOException {
        LineReader reader = reader(line + "\t", NAMES);
        new PromptGuard(List.of(reader));
        // reads on after the tab, up to the key that ends the input
        assertThatThrownBy(reader::readLine).isInstanceOf(EndOfFileException.class);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            show 'SPI, SPI worker 1, show 'SPI worker 1'
            show ', SPI worker 1, show 'SPI worker 1'
            show "SPI, SPI worker 1, show "SPI worker 1"
            show SPI, SPI worker 1, show 'SPI worker 1'
            show SPI, SPI's, show "SPI's"
            show SPI, SPI-1, show SPI-1
            """)
    void aNameWithBlanksIsCompletedInQuotes(String typed, String name, String completed) throws IOException {
        LineReader reader = reader(typed + "\t\n", (any, line, found) -> found.add(new Candidate(name)));
        new PromptGuard(List.of(reader));
        assertThat(reader.readLine().strip()).isEqualTo(completed);
    }

    @Test
    void aKeyThatFailsIsOneKeyOnly() throws IOException {
        LineReader reader = reader("li\tst\n", NAMES);
        reader.getWidgets().put(LineReader.EXPAND_OR_COMPLETE, PromptGuardTest::fail);
        new PromptGuard(List.of(reader));
        assertThat(reader.readLine()).isEqualTo("list");
    }

    @Test
    void aReaderThatIsLetGoIsAsItWas() throws IOException {
        LineReader reader = reader("li\tst\n", NAMES);
        reader.getWidgets().put(LineReader.EXPAND_OR_COMPLETE, PromptGuardTest::fail);
        new PromptGuard(List.of(reader)).restore();
        assertThatThrownBy(reader::readLine).hasMessage("no names");
        assertThat(reader.getParser()).isInstanceOf(Parser.class);
    }

    private static boolean fail() { throw new IllegalStateException("no names"); }

    @Test
    void endOfInputStillEndsTheReading() throws IOException {
        LineReader reader = reader("", NAMES);
        new PromptGuard(List.of(reader));
        assertThatThrownBy(reader::readLine).isInstanceOf(EndOfFileException.class);
    }
}
