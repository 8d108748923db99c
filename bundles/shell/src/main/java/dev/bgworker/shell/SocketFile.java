package dev.bgworker.shell;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;

/**
 * Where the socket is. Its path stands in {@code shell.path} of the run directory, so that clients need no rule: it is
 * {@code shell.sock} beside it, or in a fresh directory elsewhere when that is too long for an address of this family.
 *
 * @param published the file that tells the path
 * @param socket the socket's own path
 * @param fresh whether the socket's directory was made for it alone
 */
record SocketFile(Path published, Path socket, boolean fresh) {

    /** Of the 104 to 108 that systems have. */
    private static final int PATH_BYTES = 100;

    private static final String NAME = "shell.sock";

    /** Claims the directory and clears away what an earlier host left; refused when that one still lives. */
    static SocketFile in(Path run, Path temporary, UserPrincipal self) throws IOException {
        PrivateDirectory.claim(run, self);
        Path published = run.resolve("shell.path");
        if (Files.exists(published, LinkOption.NOFOLLOW_LINKS)) {
            removeStale(published, temporary);
        }
        Path socket = run.resolve(NAME);
        boolean fits = fits(socket);
        if (fits) {
            remove(socket);
        }
        // only now that nobody was found alive: a living host's clients need it
        Files.deleteIfExists(published);
        if (fits) {
            return new SocketFile(published, socket, false);
        }
        if (!fits(temporary.resolve(PrivateDirectory.PREFIX + Long.toUnsignedString(-1)).resolve(NAME))) {
            throw new SocketRefused("neither " + socket + " nor a path in " + temporary + " is of at most " + PATH_BYTES
                    + " bytes; set bgw.run or java.io.tmpdir to a shorter one");
        }
        return new SocketFile(published, PrivateDirectory.fresh(temporary).resolve(NAME), true);
    }

    ServerSocketChannel bind() throws IOException {
        ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            listening.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            return listening;
        } catch (IOException failed) {
            listening.close();
            throw failed;
        }
    }

    /** To be called when the socket listens; a reader sees no half of it. */
    void publish() throws IOException {
        Path half = published.resolveSibling("shell.path.new");
        Files.writeString(half, socket.toString());
        Files.move(half, published, StandardCopyOption.ATOMIC_MOVE);
    }

    void withdraw() throws IOException {
        Files.deleteIfExists(published);
        Files.deleteIfExists(socket);
        if (fresh) {
            Files.deleteIfExists(socket.getParent());
        }
    }

    /** Of a path elsewhere only one that {@link #in} can have chosen is touched: a home may have been moved or copied. */
    private static void removeStale(Path published, Path temporary) throws IOException {
        Path directory = Path.of(Files.readString(published).strip()).getParent();
        if (directory != null && temporary.equals(directory.getParent())
                && directory.getFileName().toString().startsWith(PrivateDirectory.PREFIX)) {
            remove(directory.resolve(NAME));
            Files.deleteIfExists(directory);
        }
    }

    private static void remove(Path socket) throws IOException {
        BasicFileAttributes found;
        try {
            found = Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException expected) {
            return; // nothing was left behind
        }
        if (!found.isOther()) {
            throw new SocketRefused(socket + " is in the way and is no socket; remove it");
        }
        if (answers(socket)) {
            throw new SocketRefused(
                    "another process listens on " + socket + "; end it, or set bgw.run to another directory");
        }
        Files.delete(socket);
    }

    /** Only a refused connect proves that nobody listens; one that stays pending has a listener that is busy. */
    private static boolean answers(Path socket) throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(socket));
            return true;
        } catch (ConnectException refused) {
            return false;
        }
    }

    private static boolean fits(Path path) { return path.toString().getBytes(StandardCharsets.UTF_8).length <= PATH_BYTES; }
}
