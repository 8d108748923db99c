package dev.bgworker.spi.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.spi.functions.Privileges.Deed;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PrivilegesTest {

    private static final long PID = 7;
    private final FunctionHost host = new FunctionHost(null, null, null, "postgres"::equals, List::of, null);
    private final Privileges superuser = new Privileges("postgres", true, host);
    private final Privileges clerk = new Privileges("clerk", false, host);

    @Test
    @Tag("R102")
    @Tag("R118a")
    void aRoleMayDoToItsOwnProcessesWhatASuperuserMayDoToAll() {
        for (Deed deed : Deed.values()) {
            for (String of : new String[]{"postgres", "clerk", "other", null}) {
                assertThatCode(() -> superuser.checkMay(deed, of)).doesNotThrowAnyException();
            }
            assertThatCode(() -> clerk.checkMay(deed, "clerk")).doesNotThrowAnyException();
            for (String of : new String[]{"postgres", "other", null}) {
                assertDenied(() -> clerk.checkMay(deed, of));
            }
        }
    }

    @Test
    @Tag("R118a")
    void whatIsDeniedIsNamedByTheDeed() {
        for (Deed deed : Deed.values()) {
            String words = deed == Deed.CANCEL ? "cancel query" : "terminate process";
            assertThatThrownBy(() -> clerk.checkMay(deed, "other"))
                    .isInstanceOfSatisfying(ErrorException.class,
                            denied -> assertThat(denied.data().message()).isEqualTo("permission denied to " + words));
        }
    }

    @Test
    @Tag("R102")
    void aProcessThatNamedNoRoleIsASuperusersAffair() {
        assertThatThrownBy(() -> clerk.checkMay(Deed.TERMINATE, null))
                .isInstanceOfSatisfying(ErrorException.class, denied -> {
                    assertThat(denied.data().message()).isEqualTo("permission denied to terminate process");
                    assertThat(denied.data().detail()).contains("SUPERUSER");
                });
    }

    @Test
    @Tag("R226")
    void othersRowsAreSeenBySuperusersAlone() {
        assertThat(clerk.sees("clerk")).isTrue();
        assertThat(clerk.sees("other")).isFalse();
        assertThat(clerk.sees(null)).isFalse();
        assertThat(superuser.sees(null)).isTrue();
    }

    @Test
    @Tag("R102")
    void whatAPlainRoleLaunchesRunsAsThatRole() {
        assertThat(launch(clerk).role()).isEqualTo("clerk");
        assertThat(launch(clerk, "bgw_role", "clerk").role()).isEqualTo("clerk");
        assertDenied(() -> launch(clerk, "bgw_role", "postgres"));
        assertThat(launch(superuser).role()).isEmpty();
        assertThat(launch(superuser, "bgw_role", "clerk").role()).isEqualTo("clerk");
    }

    @Test
    void aPlainRoleHasNobodyElseNotified() {
        assertThat(launch(clerk, "bgw_notify_pid", "7").notifyPid()).isEqualTo(PID);
        assertDenied(() -> launch(clerk, "bgw_notify_pid", "8"));
        assertThat(launch(superuser, "bgw_notify_pid", "8").notifyPid()).isEqualTo(8);
    }

    @Test
    void optionsAreThoseOfADefinitionInWords() {
        BackgroundWorker said = launch(superuser, "bgw_name", "SPI worker 1", "bgw_main_arg", "4", "bgw_restart_time",
                "never");

        assertThat(said.name()).isEqualTo("SPI worker 1");
        assertThat(said.mainArg().asInt()).isEqualTo(4);
        assertThat(said.restart().never()).isTrue();
        assertState("22023", () -> launch(superuser, "bgw_name"));
        assertState("22004", () -> launch(superuser, "bgw_name", null));
        assertState("22004", () -> LaunchOptions.definition(superuser, PID, null, "f", new String[0]));
    }

    private static BackgroundWorker launch(Privileges as, String... options) {
        return LaunchOptions.definition(as, PID, "lib", "f", options);
    }

    private static void assertDenied(ThrowingCallable call) { assertState("42501", call); }

    private static void assertState(String sqlState, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ErrorException.class,
                refused -> assertThat(refused.data().sqlState()).isEqualTo(sqlState));
    }
}
