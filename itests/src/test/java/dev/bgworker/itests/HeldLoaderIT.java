package dev.bgworker.itests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.itests.workers.LeavesAThread;
import dev.bgworker.itests.workers.StaysQuietly;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.Test;

/** A library that leaves a thread behind is told apart from one that does not; takes a minute. */
public class HeldLoaderIT {

    private static TestBundle of(String name, String version, Class<?> worker) {
        return TestBundle.of(name, version).annotated("main", worker, Map.of("name", name));
    }

    @Test
    @Proves("R8")
    public void classesStillHeldAMinuteAfterTheirVersionWentAreToldWithTheThread() throws Exception {
        Path home = Homes.fresh("HeldLoaderIT");
        try (Bgworkerd host = Bgworkerd.start(home)) {
            for (String version : new String[]{"1.0.0", "2.0.0"}) {
                host.drop(of("clean", version, StaysQuietly.class).write(home.resolve("clean")), "clean.jar");
                host.drop(of("dirty", version, LeavesAThread.class).write(home.resolve("dirty")), "dirty.jar");
                Host.patiently().until(() -> Files.readString(home.resolve("log/bgworkerd.log"))
                        .contains("library \"dirty\" " + version + " is current"));
                Host.patiently().until(() -> Files.readString(home.resolve("log/bgworkerd.log"))
                        .contains("library \"clean\" " + version + " is current"));
                Host.patiently().until(() -> host.ask("bgw:list", "--state", "RUNNING").text().contains("dirty"));
            }

            Host.patiently().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofSeconds(1))
                    .until(() -> Files.readString(home.resolve("log/bgworkerd.log")).contains("still held"));

            String log = Files.readString(home.resolve("log/bgworkerd.log"));
            assertThat(log).contains("library \"dirty\" 1.0.0 from dirty.jar: its classes are still held 60 s",
                    "\"left behind\"",
                    "LeavesAThread.sit");
            assertThat(host.ask("bgw:libs").text()).contains("HELD");
            host.stop();
            assertThat(Files.readString(home.resolve("log/bgworkerd.log"))).doesNotContain("library \"clean\" 1.0.0 from");
        }
    }
}
