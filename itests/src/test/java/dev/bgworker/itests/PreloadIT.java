package dev.bgworker.itests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.itests.workers.BrokenInit;
import dev.bgworker.itests.workers.StaysQuietly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.Test;

/** {@code shared_preload_libraries}, as whoever starts the program sees it. */
public class PreloadIT {

    private static Bgworkerd.Answer start(Path home) throws IOException, InterruptedException {
        return Bgworkerd.call("start", "--home", home.toString());
    }

    private static TestBundle quiet(String name) {
        return TestBundle.of(name, "1.0.0").annotated("main", StaysQuietly.class, Map.of("name", name));
    }

    @Test
    @Proves("R8")
    public void missingLibraryStopsTheStartWithItsName() throws Exception {
        Path home = Homes.fresh("PreloadIT-missing", "shared_preload_libraries = present, nowhere");
        quiet("present").write(home.resolve("lib/present.jar"));

        Bgworkerd.Answer start = start(home);

        assertThat(start.status()).as(start.text()).isEqualTo(1);
        assertThat(log(home)).contains("could not preload library \"nowhere\"", "no such bundle")
                .doesNotContain("library \"nowhere\" 1", "starting background worker process");
    }

    @Test
    @Proves("R8")
    public void libraryWhoseInitFailsStopsTheStart() throws Exception {
        Path home = Homes.fresh("PreloadIT-init", "shared_preload_libraries = broken");
        quiet("broken").library(BrokenInit.class).write(home.resolve("deploy/any.jar"));

        Bgworkerd.Answer start = start(home);

        assertThat(start.status()).as(start.text()).isEqualTo(1);
        assertThat(log(home)).contains("could not preload library \"broken\": its init failed", "this init never works",
                "shared_preload_libraries");
    }

    @Test
    @Proves("R8")
    public void theyAreLoadedInTheOrderGivenBeforeAnythingStarts() throws Exception {
        Path home = Homes.fresh("PreloadIT-order", "shared_preload_libraries = zebra, ape, mouse");
        for (String name : new String[]{"ape", "mouse", "zebra"}) {
            quiet(name).write(home.resolve("lib/" + name + ".jar"));
        }
        try (Bgworkerd host = Bgworkerd.start(home)) {
            Host.patiently().until(() -> host.ask("bgw:list", "--state", "RUNNING").text().contains("mouse"));
            assertThat(log(home)).containsSubsequence("library \"zebra\" 1.0.0 is current",
                    "library \"ape\" 1.0.0 is current",
                    "library \"mouse\" 1.0.0 is current");
            host.stop();
            assertThat(host.status()).isZero();
        }
    }

    private static String log(Path home) throws IOException { return Files.readString(home.resolve("log/bgworkerd.log")); }
}
