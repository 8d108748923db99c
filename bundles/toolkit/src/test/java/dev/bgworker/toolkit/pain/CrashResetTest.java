package dev.bgworker.toolkit.pain;

import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.process.PanicError;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.TestHost;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static dev.bgworker.api.process.ErrorData.errcode;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

/** P17. Somebody else crashes. The children are never restarted by the host, so the crash reset forgets them. */
@ExtendWith(BgworkerExtension.class)
class CrashResetTest {

    /** The launcher uses no shared memory, and so lives on. */
    private static void start(TestHost host, WorkerMain launcher, WorkerMain child) {
        host.function(TestHost.LIBRARY, "child", () -> child);
        host.start(BackgroundWorker.builder("launcher", TestHost.LIBRARY, "launcher").flags(Set.of()), () -> launcher);
        assertThat(HandMadeLauncher.running(host)).isEqualTo(HandMadeLauncher.KEYS);
    }

    private static void crash(TestHost host) {
        host.start(BackgroundWorker.builder("crashes", TestHost.LIBRARY, "crashes").restart(RestartPolicy.NEVER),
                () -> it -> {
                    throw new PanicError(errcode("XX001", "could not locate a valid checkpoint record"));
                }).awaitExit();
    }

    /** As in omnigres and pg_net: after quickdie no hook is run, so the table still says that all are there. */
    @Test
    @Tag("P17")
    void oldWayIsAnEmptyPool(TestHost host) {
        HandMadeLauncher launcher = new HandMadeLauncher(host.workers());
        start(host, launcher, launcher.ofTable());

        crash(host);
        host.advance(ofDays(3));

        assertThat(launcher.inUse()).hasSize(3);
        assertThat(HandMadeLauncher.running(host)).isEmpty();
    }

    @Test
    @Tag("P17")
    @Tag("R56")
    void setIsToldAndIsWholeAgain(TestHost host) {
        List<String> heard = new CopyOnWriteArrayList<>();
        start(host, HandMadeLauncher.ofSet(host.workers(), heard), HandMadeLauncher::waits);

        crash(host);
        host.advance(ofSeconds(5));

        assertThat(heard).contains("a FORGOTTEN", "b FORGOTTEN", "c FORGOTTEN");
        assertThat(HandMadeLauncher.running(host)).isEqualTo(HandMadeLauncher.KEYS);
    }
}
