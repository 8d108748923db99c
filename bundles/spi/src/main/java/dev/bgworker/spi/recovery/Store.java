package dev.bgworker.spi.recovery;

import dev.bgworker.spi.engine.Engine;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** An open database as what checks and rebuilds it sees it. Thread-safe. */
public interface Store {

    String name();

    Engine engine();

    /** Its file; empty in memory. */
    Optional<Path> file();

    /** A connection of ADMIN's, to be closed by the caller, who is inside the engine. */
    Connection admin() throws SQLException;

    /** What is wrong with it, for whoever connects; null when nothing is. */
    void damage(String found);
}
