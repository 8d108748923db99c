package dev.bgworker.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostPropertiesTest {

    @TempDir
    private Path directory;

    @Test
    void referencesAreResolvedThroughOtherProperties() throws IOException {
        HostProperties read = read("storage=${bgw.data}/cache\nbgw.data=${bgw.home}/data\n",
                Map.of("bgw.home", "/srv/a$1\\b"));

        assertThat(read.framework()).containsEntry("storage", "/srv/a$1\\b/data/cache").containsEntry("bgw.home",
                "/srv/a$1\\b");
    }

    @Test
    void keysWithPrefixSystemBecomeSystemProperties() throws IOException {
        HostProperties read = read("system.gosh.home=${bgw.home}\nfelix.log.level=1\n", Map.of("bgw.home", "/h"));

        assertThat(read.system()).containsExactlyEntriesOf(Map.of("gosh.home", "/h"));
        assertThat(read.framework()).containsOnlyKeys("bgw.home", "felix.log.level");
    }

    @Test
    void givenPropertyWinsOverTheFile() throws IOException {
        assertThat(read("gosh.args=a\n", Map.of("gosh.args", "b")).framework()).containsEntry("gosh.args", "b");
    }

    @Test
    void referenceToNothingNamesFileKeyAndReference() {
        assertThatThrownBy(() -> read("a=${b}\n", Map.of())).isInstanceOf(RefusedException.class)
                .hasMessageContaining("bgworkerd.properties").hasMessageContaining("a refers to b");
    }

    @Test
    void circleIsRefused() {
        assertThatThrownBy(() -> read("a=${b}\nb=x${a}\n", Map.of())).isInstanceOf(RefusedException.class)
                .hasMessageContaining("refers to itself");
    }

    private HostProperties read(String text, Map<String, String> given) throws IOException {
        return HostProperties.read(Files.writeString(directory.resolve("bgworkerd.properties"), text), given);
    }
}
