package dev.bgworker.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MainTest {

    @Test
    void firstWordWithTheScopeOfBgworkerIsACommandForTheShell() {
        assertThat(Main.indexOfShellCommand("bgw:list", "x")).isZero();
        assertThat(Main.indexOfShellCommand("--home", "/h", "bgw:list")).isEqualTo(2);
        assertThat(Main.indexOfShellCommand("--home=/h", "bgw:list")).isEqualTo(1);
    }

    @Test
    void anythingElseIsForTheCommandLine() {
        assertThat(Main.indexOfShellCommand()).isEqualTo(-1);
        assertThat(Main.indexOfShellCommand("start", "bgw:list")).isEqualTo(-1);
        assertThat(Main.indexOfShellCommand("--home")).isEqualTo(-1);
        assertThat(Main.indexOfShellCommand("--home", "bgw:list")).isEqualTo(-1);
    }
}
