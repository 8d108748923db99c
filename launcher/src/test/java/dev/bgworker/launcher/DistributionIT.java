package dev.bgworker.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks the assembled distribution. */
class DistributionIT {

    private static final long LIMIT = 25_000_000;

    private final Path directory = Path.of(System.getProperty("distribution"));

    @Test
    void systemHoldsTheBundlesOfFeatureXmlAndNoOther() throws IOException {
        List<Path> listed = new Distribution(directory).bundles().stream().map(BundleFile::file).toList();
        try (Stream<Path> files = Files.walk(directory.resolve("system"))) {
            assertThat(files.filter(Files::isRegularFile)).containsExactlyInAnyOrderElementsOf(listed);
        }
    }

    @Test
    void archiveIsBelow25Megabytes() throws IOException {
        assertThat(Files.size(directory.resolveSibling(directory.getFileName() + ".tar.gz"))).isLessThan(LIMIT);
    }

    @Test
    void programCanBeExecutedAndItsDirectoriesAreThere() {
        assertThat(directory.resolve("bin/bgworkerd")).isExecutable();
        assertThat(directory.resolve("deploy")).isDirectory();
        assertThat(directory.resolve("lib")).isDirectory();
    }

    @Test
    void demoAndExamplesAreThere() {
        assertThat(directory.resolve("demo")).isDirectoryContaining("glob:**/worker_spi-*.jar")
                .isDirectoryContaining("glob:**/worker_spi_demo-*.jar");
        assertThat(directory.resolve("examples")).isDirectoryContaining("glob:**/worker_spi_loop-*.jar");
    }

    @Test
    void propertiesAreCompleteOnceTheHomeIsGiven() {
        HostProperties read = HostProperties.read(directory.resolve("etc/bgworkerd.properties"), Map.of("bgw.home", "/h"));

        assertThat(read.framework()).containsEntry("bgw.deploy", "/h/deploy").containsEntry("org.osgi.framework.storage",
                "/h/data/cache");
        assertThat(read.system()).containsEntry("java.nio.channels.DefaultThreadPool.threadFactory",
                DaemonThreads.class.getName());
    }
}
