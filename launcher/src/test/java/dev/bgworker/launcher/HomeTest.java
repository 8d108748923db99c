package dev.bgworker.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {

    @TempDir
    private Path directory;
    private Distribution distribution;
    private Path home;

    @BeforeEach
    void distribution() throws IOException {
        distribution = new Distribution(directory.resolve("dist"));
        Files.createDirectories(distribution.etc());
        Files.writeString(distribution.etc().resolve("bgw.cfg"), "shipped");
        home = directory.resolve("home");
    }

    @Test
    void freshHomeGetsItsDirectoriesAndSettings() {
        new Home(home).prepare(distribution);

        assertThat(home).isDirectoryContaining("glob:**/deploy").isDirectoryContaining("glob:**/lib")
                .isDirectoryContaining("glob:**/log");
        assertThat(home.resolve("etc/bgw.cfg")).hasContent("shipped");
    }

    @Test
    void dataAndRunAreForTheUserAlone() throws IOException {
        Files.createDirectories(home.resolve("run"));
        Files.setPosixFilePermissions(home.resolve("run"), PosixFilePermissions.fromString("rwxrwxrwx"));

        new Home(home).prepare(distribution);

        for (String name : new String[]{"data", "run"}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve(name))))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void settingsOfAnOlderStartAreKept() throws IOException {
        Files.createDirectories(home.resolve("etc"));
        Files.writeString(home.resolve("etc/bgw.cfg"), "mine");

        new Home(home).prepare(distribution);

        assertThat(home.resolve("etc/bgw.cfg")).hasContent("mine");
    }

    @Test
    void homeWithACharacterThatALibraryReadsAsSyntaxIsRefusedBeforeItIsMade() {
        for (String name : new String[]{"a,b", "a;b", "100%", "a\\b", "${x}", "a\nb"}) {
            Path unusable = directory.resolve(name);

            assertThatThrownBy(() -> new Home(unusable).prepare(distribution)).isInstanceOf(RefusedException.class)
                    .hasMessageContaining(unusable.toString()).hasMessageContaining("--home");
            assertThat(unusable).doesNotExist();
        }
    }

    @Test
    void propertiesOfTheHomeLieOverThoseOfTheDistribution() throws IOException {
        Files.writeString(distribution.etc().resolve("bgworkerd.properties"), "poll=500\ndata=${bgw.home}/data\n");
        Files.createDirectories(home.resolve("etc"));
        Files.writeString(home.resolve("etc/bgworkerd.properties"), "poll=2000\n");

        assertThat(new Home(home).properties(distribution).framework()).containsEntry("poll", "2000").containsEntry("data",
                home + "/data");
    }

    @Test
    void homeThatCannotBeMadeIsRefusedWithTheOption() throws IOException {
        Files.writeString(home, "a file");

        assertThatThrownBy(() -> new Home(home).prepare(distribution)).isInstanceOf(RefusedException.class)
                .hasMessageContaining(home.toString()).hasMessageContaining("--home");
    }
}
