package dev.bgworker.supervisor.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Version;

class BundleFileTest {

    @TempDir
    Path folder;

    private void assertRefused(Path file, String reason) {
        assertThatThrownBy(() -> BundleFile.read(file)).isInstanceOf(IOException.class).hasMessageContaining(reason);
    }

    @Test
    void aWholeBundleTellsNameVersionAndWhatItsBytesAre() throws IOException {
        Path file = Jars.bundle(folder.resolve("a.jar"), "worker_spi;singleton:=true", "1.2.3");

        BundleFile bundle = BundleFile.read(file);

        assertThat(bundle.symbolicName()).isEqualTo("worker_spi");
        assertThat(bundle.version()).isEqualTo(new Version(1, 2, 3));
        assertThat(BundleFile.read(Files.copy(file, folder.resolve("b.jar"))).digest()).isEqualTo(bundle.digest());
        assertThat(BundleFile.read(Jars.bundle(folder.resolve("c.jar"), "worker_spi", "1.2.4")).digest())
                .isNotEqualTo(bundle.digest());
    }

    @Test
    void withoutAVersionItIsTheLowestOne() throws IOException {
        assertThat(BundleFile.read(Jars.jar(folder.resolve("a.jar"), Map.of("Bundle-SymbolicName", "a"))).version())
                .isEqualTo(Version.emptyVersion);
    }

    @Test
    void aFileThatIsCutShortAnywhereIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(Jars.bundle(folder.resolve("a.jar"), "a", "1"));
        Path cut = folder.resolve("cut.jar");
        for (int length : new int[]{0, 1, 100, whole.length / 2, whole.length - 1}) {
            Files.write(cut, Arrays.copyOf(whole, length));
            assertRefused(cut, "it is no zip, damaged, or not copied to the end");
        }
    }

    @Test
    void aFileWhoseContentIsDamagedIsRefused() throws IOException {
        Path file = Jars.bundle(folder.resolve("a.jar"), "a", "1");
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.seek(raw.length() / 2);
            raw.write(new byte[64]);
        }

        assertRefused(file, "damaged");
    }

    @Test
    void whatIsNoBundleIsRefusedWithItsReason() throws IOException {
        assertRefused(Files.writeString(folder.resolve("text.jar"), "hello"), "it is no zip");
        assertRefused(Jars.jar(folder.resolve("plain.jar"), Map.of()), "no Bundle-SymbolicName");
        assertRefused(Jars.bundle(folder.resolve("v.jar"), "a", "one"), "\"one\" is no version");
        assertRefused(Files.createDirectory(folder.resolve("folder.jar")), "no regular file");
        assertRefused(folder.resolve("missing.jar"), "no regular file");
    }

    @Test
    void aSymbolicLinkIsRefusedWhateverItLeadsTo() throws IOException {
        Path file = Jars.bundle(folder.resolve("a.jar"), "a", "1");

        assertRefused(Files.createSymbolicLink(folder.resolve("link.jar"), file), "symbolic link");
        assertRefused(Files.createSymbolicLink(folder.resolve("dangling.jar"), folder.resolve("nothing")), "symbolic link");
    }
}
