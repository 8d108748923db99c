package dev.bgworker.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line, where no host runs. */
class BgworkerdTest {

    private final ByteArrayOutputStream told = new ByteArrayOutputStream();

    @TempDir
    private Path home;

    private int execute(String... args) {
        PrintStream stream = new PrintStream(told, true);
        return Bgworkerd.execute(home, args, stream, stream);
    }

    @Test
    void stopAndPromoteNeedAHostThatRuns() {
        assertThat(execute("stop", "-m", "smart", "-t", "20", "--home", home.toString())).isEqualTo(1);
        assertThat(execute("promote", "--home", home.toString())).isEqualTo(1);
        assertThat(told.toString().lines()).hasSize(2).allMatch(line -> line.contains("no bgworkerd is running on " + home));
    }

    @Test
    void anUnknownShutdownModeIsMisuse() {
        assertThat(execute("stop", "-m", "slow")).isEqualTo(2);
        assertThat(told.toString()).contains("slow", "SMART, FAST, IMMEDIATE");
    }

    @Test
    void aTimeThatIsNoneIsMisuse() {
        assertThat(execute("promote", "-t", "soon")).isEqualTo(2);
        assertThat(told.toString()).contains("\"soon\" is no duration");
    }
}
