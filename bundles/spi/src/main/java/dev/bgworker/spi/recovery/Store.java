package dev.bgworker.spi.recovery;

import dev.bgworker.spi.engine.Engine;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** An open database as what checks and rebuilds it sees it. Thread-safe. */
public interface Store {

    String name();

    /** Under which it is known for good, whatever its name. */
    String place();

    Engine engine();

    /** Its file; empty in memory. */
    Optional<Path> file();

    /** A connection of ADMIN's, to be closed by the caller, who is inside the engine. It opens one that is {@link #beside}. */
    Connection admin() throws SQLException;

    /** A new and empty one of the same ADMIN beside it. */
    Store beside(String suffix);

    /** What is wrong with it, for whoever connects; null when nothing is. */
    void damage(String found);
}
