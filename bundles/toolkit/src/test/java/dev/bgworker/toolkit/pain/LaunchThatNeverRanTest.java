package dev.bgworker.toolkit.pain;

import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.TestHost;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

/** P6. The children of a launcher cannot start, since their function is not there yet; then it is. */
@ExtendWith(BgworkerExtension.class)
class LaunchThatNeverRanTest {

    /** As in pg_lake: who never ran has no exit hook, so its entry stays, and the outage lasted for days. */
    @Test
    @Tag("P6")
    void oldWayHasAWedgeForEver(TestHost host) {
        HandMadeLauncher launcher = new HandMadeLauncher(host.workers());
        host.start(launcher);
        host.settle();

        host.function(TestHost.LIBRARY, "child", launcher::ofTable);
        host.advance(ofDays(3));

        assertThat(launcher.inUse()).containsExactlyInAnyOrderElementsOf(HandMadeLauncher.KEYS);
        assertThat(HandMadeLauncher.running(host)).isEmpty();
    }

    @Test
    @Tag("P6")
    void setLaunchesThemAnewAndTellsWhatBecameOfThem(TestHost host) {
        List<String> heard = new CopyOnWriteArrayList<>();
        host.start(HandMadeLauncher.ofSet(host.workers(), heard));
        assertThat(HandMadeLauncher.running(host)).isEmpty();
        assertThat(heard).contains("a EXITED", "b EXITED", "c EXITED");

        host.function(TestHost.LIBRARY, "child", () -> HandMadeLauncher::waits);
        host.advance(ofSeconds(5));

        assertThat(HandMadeLauncher.running(host)).isEqualTo(HandMadeLauncher.KEYS);
    }
}
