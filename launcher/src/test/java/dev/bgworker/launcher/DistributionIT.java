package dev.bgworker.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamReader;
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
        assertThat(directory.resolve("examples")).isDirectoryContaining("glob:**/worker_spi_loop-*.jar")
                .isDirectoryContaining("glob:**/test_shm_mq-*.jar").isDirectoryContaining("glob:**/purge-*.jar")
                .isDirectoryContaining("glob:**/purge_launcher-*.jar");
    }

    @Test
    void bgwCfgShowsEverySettingOfTheSupervisorWithItsDefault() throws Exception {
        assertThat(template()).isNotEmpty().isEqualTo(described());
    }

    /** Settings by key, as the template shows them commented out. */
    private Map<String, String> template() throws IOException {
        Map<String, String> settings = new TreeMap<>();
        for (String line : Files.readAllLines(directory.resolve("etc/bgw.cfg"))) {
            Matcher setting = Pattern.compile("#(\\w+) =(.*)").matcher(line);
            if (setting.matches()) {
                settings.put(setting.group(1), setting.group(2).strip());
            }
        }
        return settings;
    }

    /** Settings by key, as the supervisor's bundle describes them to tools. */
    private Map<String, String> described() throws Exception {
        Path supervisor = new Distribution(directory).bundles().stream().map(BundleFile::file)
                .filter(file -> file.toString().contains("dev.bgworker.supervisor-")).findFirst().orElseThrow();
        Map<String, String> settings = new TreeMap<>();
        try (JarFile jar = new JarFile(supervisor.toFile());
                InputStream in = jar.getInputStream(jar.getEntry("OSGI-INF/metatype/bgw.xml"))) {
            XMLStreamReader xml = XMLInputFactory.newDefaultFactory().createXMLStreamReader(in);
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT && xml.getLocalName().equals("AD")) {
                    settings.put(xml.getAttributeValue(null, "id"), xml.getAttributeValue(null, "default"));
                }
            }
        }
        return settings;
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
