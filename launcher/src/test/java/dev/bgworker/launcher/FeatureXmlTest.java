package dev.bgworker.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureXmlTest {

    @TempDir
    private Path directory;

    @Test
    void bundlesOfAllFeaturesAreFilesOfTheRepositoryInDocumentOrder() throws IOException {
        FeatureXml features = features("""
                <feature name="a"><bundle start-level="5">mvn:org.example.group/one/1.0</bundle></feature>
                <feature name="b"><feature>scr</feature>
                  <bundle start-level="30" dependency="true"> mvn:x/two/2.0-SNAPSHOT </bundle></feature>
                """);

        assertThat(features.bundles()).isEqualTo(
                List.of(new BundleFile(directory.resolve("system/org/example/group/one/1.0/one-1.0.jar"), 5),
                        new BundleFile(directory.resolve("system/x/two/2.0-SNAPSHOT/two-2.0-SNAPSHOT.jar"), 30)));
    }

    @Test
    void bundleWithoutStartLevelIsRefusedByName() throws IOException {
        FeatureXml features = features("<feature name=\"a\"><bundle>mvn:g/one/1.0</bundle></feature>");

        assertThatThrownBy(features::bundles).isInstanceOf(RefusedException.class).hasMessageContaining("mvn:g/one/1.0")
                .hasMessageContaining("start-level");
    }

    @Test
    void bundleThatIsNoMavenArtifactIsRefused() throws IOException {
        FeatureXml features = features("<feature name=\"a\"><bundle start-level=\"1\">file:/tmp/x.jar</bundle></feature>");

        assertThatThrownBy(features::bundles).isInstanceOf(RefusedException.class).hasMessageContaining("file:/tmp/x.jar");
    }

    @Test
    void missingFileIsNamed() {
        FeatureXml features = new FeatureXml(directory.resolve("none.xml"), directory);

        assertThatThrownBy(features::bundles).isInstanceOf(RefusedException.class).hasMessageContaining("none.xml");
    }

    private FeatureXml features(String body) throws IOException {
        Path file = Files.writeString(directory.resolve("feature.xml"),
                "<features name=\"f\" xmlns=\"http://karaf.apache.org/xmlns/features/v1.6.0\">" + body + "</features>");
        return new FeatureXml(file, directory.resolve("system"));
    }
}
