package dev.bgworker.spi.cluster;

import dev.bgworker.spi.engine.Engine;
import dev.bgworker.spi.recovery.Store;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import javax.sql.DataSource;
import org.osgi.service.jdbc.DataSourceFactory;

/**
 * Where a database lies and how one gets in. Immutable.
 *
 * @param place as {@link Storage} names it
 */
record StoreFile(String place, Engine engine, Storage storage, DataSourceFactory factory) {

    /** One that is being made beside a database, to take its place; whoever connects as ADMIN opens it. */
    private record Beside(String name, StoreFile at, String password) implements Store {

        @Override
        public String place() { return at.place(); }

        @Override
        public Engine engine() { return at.engine(); }

        @Override
        public Optional<Path> file() { return at.path(); }

        @Override
        public Connection admin() throws SQLException { return at.open(new Storage.Admin(password, false)); }

        @Override
        public Store beside(String suffix) { throw new UnsupportedOperationException("it is beside one itself"); }

        @Override
        public void damage(String found) { throw new UnsupportedOperationException("nobody connects to it"); }
    }

    Optional<Path> path() { return storage.file(place); }

    /** Sessions of that user, while it is open. */
    DataSource sessions(String user, String password) throws SQLException {
        return source(engine.session(storage.place(place)), user, password);
    }

    /** Another connection of ADMIN's, while it is open. */
    Connection admin() throws SQLException {
        return sessions(engine.admin(), storage.admin(place).password()).getConnection();
    }

    /** Opens it, and creates it at first. */
    Connection open(Storage.Admin kept) throws SQLException {
        return source(engine.opener(storage.place(place), !kept.exists()), engine.admin(), kept.password()).getConnection();
    }

    Store beside(String name, String suffix) {
        return new Beside(name, new StoreFile(place + suffix, engine, storage, factory), storage.admin(place).password());
    }

    private DataSource source(String url, String user, String password) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty(DataSourceFactory.JDBC_URL, url);
        properties.setProperty(DataSourceFactory.JDBC_USER, user);
        properties.setProperty(DataSourceFactory.JDBC_PASSWORD, password);
        return factory.createDataSource(properties);
    }

    @Override
    public String toString() { return storage.place(place); }
}
