package dev.bgworker.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/** Directories that only the host's own user can enter: whoever reaches a socket in one may give commands. */
final class PrivateDirectory {

    /** Of the name of a fresh one. */
    static final String PREFIX = "bgw";

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final FileAttribute<Set<PosixFilePermission>> CREATED_SO = PosixFilePermissions
            .asFileAttribute(OWNER_ONLY);

    private PrivateDirectory() {}

    /** Makes the directory if it is missing, private in any case; refused when it belongs to somebody else. */
    static void claim(Path directory, UserPrincipal self) throws IOException {
        if (Files.notExists(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(directory.getParent());
            Files.createDirectory(directory, CREATED_SO);
        }
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new SocketRefused(directory + " is no directory; symbolic links are not followed");
        }
        UserPrincipal owner = Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS);
        if (!owner.equals(self)) {
            throw new SocketRefused(directory + " belongs to user " + owner.getName() + ", this process runs as "
                    + self.getName() + "; give it to that user, or set bgw.run to another directory");
        }
        Files.setPosixFilePermissions(directory, OWNER_ONLY);
    }

    /** A fresh one, with a name that nobody can foresee. */
    static Path fresh(Path parent) throws IOException {
        return Files.createTempDirectory(parent, PREFIX, CREATED_SO);
    }

    /** The user of this process, by a file that it makes: the user's name may be unknown to the system. */
    static UserPrincipal self(Path temporary) throws IOException {
        Path probe = Files.createTempFile(temporary, PREFIX, null);
        try {
            return Files.getOwner(probe);
        } finally {
            Files.delete(probe);
        }
    }
}
