package dev.bgworker.shell;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SocketFileTest {

    @TempDir
    Path temporary;

    private Path run;
    private UserPrincipal self;

    @BeforeEach
    void home() throws IOException {
        run = temporary.resolve("run");
        self = PrivateDirectory.self(temporary);
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private SocketFile claim() throws IOException { return SocketFile.in(run, temporary, self); }

    @Test
    void theDirectoryIsPrivateBeforeTheSocketIsBound() throws IOException {
        SocketFile made = claim();
        assertThat(mode(run)).isEqualTo("rwx------");
        assertThat(made.socket()).isEqualTo(run.resolve("shell.sock")).doesNotExist();
        try (ServerSocketChannel listening = made.bind()) {
            assertThat(listening.isOpen()).isTrue();
            assertThat(mode(made.socket())).isEqualTo("rw-------");
        }
    }

    @Test
    void anOpenDirectoryIsMadePrivate() throws IOException {
        Files.createDirectory(run);
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxrwxrwx"));

        claim();

        assertThat(mode(run)).isEqualTo("rwx------");
    }

    @Test
    void aDirectoryOfSomebodyElseIsRefusedAndLeftAsItIs() throws IOException {
        Files.createDirectory(run);
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxr-xr-x"));
        UserPrincipal other = () -> "somebody";

        assertThatThrownBy(() -> SocketFile.in(run, temporary, other)).isInstanceOf(SocketRefused.class)
                .hasMessageContaining(run + " belongs to user " + self.getName() + ", this process runs as somebody");
        assertThat(mode(run)).isEqualTo("rwxr-xr-x");
    }

    @Test
    void aLinkToADirectoryIsRefused() throws IOException {
        Files.createSymbolicLink(run, Files.createDirectory(temporary.resolve("elsewhere")));

        assertThatThrownBy(this::claim).isInstanceOf(SocketRefused.class).hasMessageContaining("is no directory");
    }

    @Test
    void theSocketOfADeadHostIsRemoved() throws IOException {
        SocketFile dead = claim();
        dead.bind().close();
        dead.publish();
        assertThat(dead.socket()).exists();

        SocketFile next = claim();

        assertThat(next.socket()).doesNotExist();
        assertThat(next.published()).doesNotExist();
        next.bind().close();
    }

    @Test
    void theSocketOfALivingHostIsLeftToIt() throws IOException {
        SocketFile living = claim();
        try (ServerSocketChannel listening = living.bind()) {
            assertThatThrownBy(this::claim).isInstanceOf(SocketRefused.class)
                    .hasMessageContaining("another process listens on " + living.socket());
            assertThat(living.socket()).exists();
            assertThat(listening.isOpen()).isTrue();
        }
    }

    @Test
    void whatIsNoSocketIsNotRemoved() throws IOException {
        Files.writeString(Files.createDirectory(run).resolve("shell.sock"), "precious");

        assertThatThrownBy(this::claim).isInstanceOf(SocketRefused.class).hasMessageContaining("is no socket");
        assertThat(run.resolve("shell.sock")).hasContent("precious");
    }

    @Test
    void aPathThatIsTooLongIsReplacedByAShortOneInAPrivateDirectory() throws IOException {
        run = temporary.resolve("r".repeat(100));
        SocketFile made = claim();
        assertThat(made.fresh()).isTrue();
        assertThat(made.socket().getParent()).hasParent(temporary);
        assertThat(mode(made.socket().getParent())).isEqualTo("rwx------");
        assertThat(mode(run)).isEqualTo("rwx------");

        made.bind().close();
        made.publish();
        assertThat(run.resolve("shell.path")).hasContent(made.socket().toString());

        made.withdraw();
        assertThat(made.socket().getParent()).doesNotExist();
        assertThat(run.resolve("shell.path")).doesNotExist();
    }

    @Test
    void theShortPathOfADeadHostIsRemovedWithItsDirectory() throws IOException {
        run = temporary.resolve("r".repeat(100));
        SocketFile dead = claim();
        dead.bind().close();
        dead.publish();

        SocketFile next = claim();

        assertThat(dead.socket().getParent()).doesNotExist();
        assertThat(next.socket()).isNotEqualTo(dead.socket());
    }

    @Test
    void aPublishedPathOfAnotherHomeIsNotTouched() throws IOException {
        Path other = Files.createDirectory(temporary.resolve("other"));
        Files.writeString(Files.createDirectory(run).resolve("shell.path"), other.resolve("shell.sock").toString());

        claim();

        assertThat(other).exists();
    }

    @Test
    void noPathThatFitsIsRefused() {
        run = temporary.resolve("r".repeat(100));
        assertThatThrownBy(() -> SocketFile.in(run, temporary.resolve("t".repeat(100)), self))
                .isInstanceOf(SocketRefused.class).hasMessageContaining("set bgw.run or java.io.tmpdir to a shorter one");
    }
}
