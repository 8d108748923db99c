package dev.bgworker.supervisor.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.process.ErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LibraryFolderTest {

    @TempDir
    Path temp;
    private Path one;
    private LibraryFolder folder;

    @BeforeEach
    void folders() throws IOException {
        one = Files.createDirectory(temp.resolve("one"));
        Path two = Files.createDirectory(temp.resolve("two"));
        folder = new LibraryFolder(() -> List.of(one, two, temp.resolve("missing")));
        Jars.bundle(two.resolve("x.jar"), "crawler", "2.0.0");
    }

    @Test
    void aLibraryIsFoundByItsSymbolicNameAndNotByItsFile() throws IOException {
        Jars.bundle(one.resolve("crawler.jar"), "other", "1");

        assertThat(folder.find("crawler").orElseThrow().getFileName()).hasToString("x.jar");
        assertThat(folder.find("x")).isEmpty();
    }

    @Test
    void ofSeveralVersionsTheHighestIsTaken() throws IOException {
        Jars.bundle(one.resolve("a.jar"), "crawler", "10.0.0");
        Jars.bundle(one.resolve("b.jar"), "crawler", "9.0.0");

        assertThat(folder.find("crawler").orElseThrow().getFileName()).hasToString("a.jar");
    }

    @Test
    void whatComesChangesAndGoesIsSeen() throws IOException {
        assertThat(folder.find("late")).isEmpty();
        Path file = Jars.bundle(one.resolve("late.jar"), "late", "1");
        assertThat(folder.find("late")).isPresent();
        Jars.bundle(file, "renamed-to-something-longer", "1");
        assertThat(folder.find("late")).isEmpty();
        assertThat(folder.find("renamed-to-something-longer")).isPresent();

        Files.delete(file);

        assertThat(folder.find("renamed-to-something-longer")).isEmpty();
    }

    @Test
    void theMarkOfAFileChangesWithItAndWithWhatLiesBesideIt() throws IOException {
        Path file = Jars.bundle(one.resolve("marked.jar"), "marked", "1");
        LibraryFolder.Mark before = folder.mark(file);
        assertThat(folder.mark(file)).isEqualTo(before);

        Jars.bundle(file, "marked-with-a-longer-name", "1");
        LibraryFolder.Mark replaced = folder.mark(file);
        assertThat(replaced).isNotEqualTo(before);
        Path beside = Jars.bundle(temp.resolve("beside.jar"), "marked", "2");
        Files.setLastModifiedTime(one, FileTime.fromMillis(1));
        LibraryFolder.Mark alone = folder.mark(file);
        Files.move(beside, one.resolve("beside.jar"));

        assertThat(folder.mark(file)).isNotEqualTo(alone);
    }

    @Test
    void whatIsNoBundleDisturbsNobody() throws IOException {
        Files.writeString(one.resolve("broken.jar"), "no zip");
        Files.createSymbolicLink(one.resolve("link.jar"), Jars.bundle(temp.resolve("linked.jar"), "linked", "1"));

        assertThat(folder.find("crawler")).isPresent();
        assertThat(folder.find("linked")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "a..b", "../x", "a/b", "a\\b", "a\nb", "a\u0000", "/etc/passwd"})
    @Tag("R6")
    void aNameThatIsAPathOrUnprintableIsNoLibrary(String name) {
        assertThatThrownBy(() -> LibraryName.check(name)).isInstanceOfSatisfying(ErrorException.class,
                error -> assertThat(error.data().sqlState()).isEqualTo("58P01"))
                .message().doesNotContain("\n", "\u0000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"worker_spi", "com.example.crawler", "a-b", ".hidden", "ü"})
    void aSymbolicNameIsALibrary(String name) { assertThatCode(() -> LibraryName.check(name)).doesNotThrowAnyException(); }
}
