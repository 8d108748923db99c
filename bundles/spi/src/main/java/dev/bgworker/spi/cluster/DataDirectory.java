package dev.bgworker.spi.cluster;

import dev.bgworker.api.process.ErrorException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * {@code bgw.data}: databases in {@code base/}, the control database in {@code global/}, ADMIN's passwords in
 * {@code control/} (all 0700, passwords 0600).
 *
 * <p>A password is written as {@code NAME.new} before its database is created, and renamed to {@code NAME} afterwards. So
 * a kill in between leaves a database that still opens, and {@code NAME} without its database is a loss and an error, not
 * a reason to create an empty one.
 */
public record DataDirectory(Path root) implements Storage {

    @Override
    public String place(String database) {
        String path = path(database).toString().replace('\\', '/');
        if (path.indexOf(';') >= 0) {
            throw new ErrorException(errcode("22023", "data directory \"" + root + "\" has a semicolon in its name")
                    .errhint("Set bgw.data to another directory."));
        }
        return "async:" + path;
    }

    @Override
    public Optional<Path> file(String database) { return Optional.of(Path.of(path(database) + ".mv.db")); }

    @Override
    public Optional<Path> global() { return Optional.of(root.resolve("global")); }

    @Override
    public Admin admin(String database) {
        try {
            privateDirectory(root);
            privateDirectory(path(database).getParent());
            privateDirectory(control());
            if (Files.exists(kept(database))) {
                return new Admin(read(kept(database)), true);
            }
            if (!Files.exists(pending(database))) {
                write(pending(database), Passwords.random());
            }
            return new Admin(read(pending(database)), false);
        } catch (IOException e) {
            throw failed("could not prepare data directory", e);
        }
    }

    @Override
    public void created(String database) {
        try {
            Files.move(pending(database), kept(database), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failed("could not keep the password of ADMIN", e);
        }
    }

    @Override
    public void drop(String database) {
        Path file = path(database);
        try {
            for (Path each : filesOf(file)) {
                Files.deleteIfExists(each);
            }
            Files.deleteIfExists(pending(database));
            Files.deleteIfExists(kept(database));
        } catch (IOException e) {
            throw failed("could not remove the files of a database from", e);
        }
    }

    /** The database itself, and what the engine puts beside it. */
    private static List<Path> filesOf(Path file) throws IOException {
        if (!Files.isDirectory(file.getParent())) {
            return List.of();
        }
        String prefix = file.getFileName() + ".";
        try (Stream<Path> beside = Files.list(file.getParent())) {
            return beside.filter(each -> each.getFileName().toString().startsWith(prefix)).toList();
        }
    }

    private Path path(String database) {
        Path absolute = root.toAbsolutePath().normalize();
        return database.indexOf('/') < 0 ? absolute.resolve("base").resolve(database) : absolute.resolve(database);
    }

    private String read(Path file) throws IOException {
        String password = Files.readString(file, StandardCharsets.US_ASCII);
        if (password.isEmpty()) {
            throw new ErrorException(errcode("XX001", "file \"" + file + "\" is empty")
                    .errhint("Restore it together with the database."));
        }
        return password;
    }

    /** Complete under its name or not there: written beside, forced, moved. */
    private void write(Path file, String password) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".part");
        Files.deleteIfExists(beside);
        if (posix()) {
            Files.createFile(beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(beside);
        }
        try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
            channel.write(StandardCharsets.US_ASCII.encode(password));
            channel.force(true);
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private void privateDirectory(Path directory) throws IOException {
        Files.createDirectories(directory);
        if (posix() && !directory.equals(root)) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private boolean posix() { return root.getFileSystem().supportedFileAttributeViews().contains("posix"); }

    private Path control() { return root.resolve("control"); }

    private Path kept(String database) { return control().resolve(path(database).getFileName()); }

    private Path pending(String database) { return control().resolve(path(database).getFileName() + ".new"); }

    private ErrorException failed(String what, IOException cause) {
        return new ErrorException(errcode("58030", what + " \"" + root + "\": " + cause)
                .errhint("Check that it belongs to the user of the host, or set bgw.data."), cause);
    }
}
