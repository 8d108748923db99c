package dev.bgworker.spi.cluster;

import dev.bgworker.spi.engine.Engine;
import dev.bgworker.spi.recovery.Store;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** A store that is being made beside that of a database, to take its place. Immutable. */
record BesideStore(String name, String place, Engine engine, Storage storage, Opener opener) implements Store {

    /** Each opens the same store. */
    @FunctionalInterface
    interface Opener {
        Connection open() throws SQLException;
    }

    @Override
    public Optional<Path> file() { return storage.file(place); }

    @Override
    public Connection admin() throws SQLException { return opener.open(); }

    @Override
    public Store beside(String suffix) { throw new UnsupportedOperationException("it is beside one itself"); }

    @Override
    public void damage(String found) { throw new UnsupportedOperationException("nobody connects to it"); }
}
