package dev.bgworker.spi.cluster;

import java.nio.file.Path;
import java.util.Optional;

/** Where databases lie, and where the password of ADMIN is kept. Called under the database's lock. */
public interface Storage {

    /** A password of ADMIN, and whether the database is there already. */
    public record Admin(String password, boolean exists) {}

    /** The file of {@link ControlDatabase}, the only one that names its folder. */
    String CONTROL = "global/control";

    /** As the engine's URL names the file below {@code base/}. */
    String place(String database);

    /** The file of a database; empty in memory. */
    default Optional<Path> file(String database) { return Optional.empty(); }

    /** Where the server keeps what is of no database; empty in memory. */
    default Optional<Path> global() {
        return Optional.empty();
    }

    /** The password kept, or a new one that is kept before the database is created with it. */
    Admin admin(String database);

    /** The database was created with that password. */
    void created(String database);

    /** Removes what there is of it, files first, then the password; nothing when nothing is left. It is closed. */
    void drop(String database);
}
