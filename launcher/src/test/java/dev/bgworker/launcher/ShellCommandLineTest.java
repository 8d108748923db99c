package dev.bgworker.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShellCommandLineTest {

    @Test
    void firstWordWithTheScopeOfBgworkerIsACommandForTheShell() {
        assertThat(ShellCommandLine.parse("bgw:list", "x")).contains(of(null, false, "bgw:list", "x"));
        assertThat(ShellCommandLine.parse("--home", "/h", "bgw:list")).contains(of("/h", false, "bgw:list"));
        assertThat(ShellCommandLine.parse("--home=/h", "--wait", "bgw:list")).contains(of("/h", true, "bgw:list"));
    }

    @Test
    void aCommandThatWaitsIsWaitedFor() {
        assertThat(ShellCommandLine.parse("bgw:terminate", "--wait", "60s", "x"))
                .contains(of(null, true, "bgw:terminate", "--wait", "60s", "x"));
        assertThat(ShellCommandLine.parse("bgw:terminate", "--wait=60s", "x"))
                .hasValueSatisfying(line -> assertThat(line.misplaced()).isEmpty());
    }

    @Test
    void anythingElseIsForTheCommandLine() {
        assertThat(ShellCommandLine.parse()).isEmpty();
        assertThat(ShellCommandLine.parse("start", "bgw:list")).isEmpty();
        assertThat(ShellCommandLine.parse("--home")).isEmpty();
        assertThat(ShellCommandLine.parse("--home", "bgw:list")).isEmpty();
    }

    @Test
    void optionBehindTheCommandIsTold() {
        assertThat(of(null, false, "bgw:list", "--home", "/h").misplaced()).contains("--home");
        assertThat(of(null, false, "bgw:list", "--home=/h").misplaced()).contains("--home=/h");
        assertThat(of("/h", false, "bgw:list", "--all").misplaced()).isEmpty();
    }

    private static ShellCommandLine of(String home, boolean patient, String... words) {
        return new ShellCommandLine(home, patient, List.of(words));
    }
}
