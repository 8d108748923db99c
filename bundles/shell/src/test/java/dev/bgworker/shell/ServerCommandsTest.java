package dev.bgworker.shell;

import dev.bgworker.api.control.Server.State;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ServerCommandsTest {

    private final Workers server = new Workers();
    private final ServerCommands commands = new ServerCommands(server, (state, wait) -> wait.toSeconds() >= 10);

    @Test
    void stopIsFastUnlessAnotherModeIsSaid() {
        assertThat(commands.stop()).isEqualTo("server shutting down");
        commands.stop("--mode", "smart");
        commands.stop("--mode=immediate");

        assertThat(server.asked).containsExactly("shutdown FAST_SHUTDOWN", "shutdown SMART_SHUTDOWN",
                "shutdown IMMEDIATE_SHUTDOWN");
    }

    @Test
    void anUnknownModeAndABundleStopNothing() {
        assertThatThrownBy(() -> commands.stop("--mode", "slow"))
                .hasMessage("ERROR:  unrecognized shutdown mode \"slow\"\nHINT:  Available values: smart, fast, immediate.");
        assertThatThrownBy(() -> commands.stop("12")).hasMessageContaining("unexpected argument \"12\"")
                .hasMessageContaining("felix:stop stops a bundle");

        assertThat(server.asked).isEmpty();
    }

    @Test
    void promoteWaitsUntilTheServerSaysIt() throws Exception {
        server.state = State.CONSISTENT;

        assertThat(commands.promote()).isEqualTo("server promoting");
        assertThat(commands.promote("--wait", "10s")).isEqualTo("server promoted");
        assertThatThrownBy(() -> commands.promote("--wait", "1s")).hasMessageContaining("did not promote within 1000 ms");
        assertThat(server.asked).containsExactly("promote", "promote", "promote");
    }

    @Test
    void whatIsNoStandbyIsNotPromoted() {
        assertThatThrownBy(() -> commands.promote()).hasMessage(
                "ERROR:  server is not in standby mode\nDETAIL:  Its state is RECOVERY_FINISHED.");
        assertThat(server.asked).isEmpty();
    }

    @Test
    void reloadReachesTheServer() throws Exception {
        assertThat(commands.reload("--help")).isEqualTo(Usage.RELOAD);
        assertThat(commands.reload()).isEqualTo("server signaled");
        assertThat(server.reloads).isOne();
    }

    @Test
    void reloadWaitsForThoseWhoAreLateAndNamesThem() throws Exception {
        assertThat(commands.reload("--wait", "1s")).isEqualTo("server reloaded");
        assertThatThrownBy(() -> commands.reload("--wait", "0")).hasMessageContaining("within 0 ms")
                .hasMessageContaining("Late are PID 7, 8.");
        assertThat(server.reloads).isEqualTo(2);
    }
}
