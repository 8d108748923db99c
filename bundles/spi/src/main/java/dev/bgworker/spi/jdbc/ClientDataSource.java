package dev.bgworker.spi.jdbc;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;
import javax.sql.DataSource;

import static dev.bgworker.api.process.ErrorData.errcode;

/** Connections to one database for one owner; they end with it. Thread-safe. */
public final class ClientDataSource implements DataSource {

    private static final String SUPERUSER = "postgres";

    private final String database;
    private final String owner;
    private final ClientOpener opener;
    private final Set<ClientOpener.Client> open = ConcurrentHashMap.newKeySet();
    // Written once by whoever ends it, before it looks at what is open.
    private volatile boolean ended;

    public ClientDataSource(String database, String owner, ClientOpener opener) {
        this.database = database;
        this.owner = owner;
        this.opener = opener;
    }

    /** As the superuser of initdb. */
    @Override
    public Connection getConnection() throws SQLException { return connect(SUPERUSER); }

    /** As that role. */
    @Override
    public Connection getConnection(String role, String password) throws SQLException {
        if (password != null && !password.isEmpty()) {
            throw JdbcErrors.of(errcode("28000", "a password was given for role \"" + role + "\"")
                    .errdetail("Roles have no passwords: code in the host is trusted.")
                    .errhint("Leave the password out."), null);
        }
        return connect(role == null || role.isEmpty() ? SUPERUSER : role);
    }

    private Connection connect(String role) throws SQLException {
        checkNotEnded();
        ClientOpener.Client client = opener.open(database, role, owner, open::remove);
        open.add(client);
        try {
            checkNotEnded();
            return client.connection();
        } catch (SQLException e) {
            client.end();
            throw e;
        } finally {
            if (client.connection().isClosed()) {
                open.remove(client);
            }
        }
    }

    private void checkNotEnded() throws SQLException {
        if (ended) {
            throw JdbcErrors.of(errcode("08003", "the data source of database \"" + database + "\" was given back")
                    .errhint("Get the service anew; its connections end with it."), null);
        }
    }

    /** Its owner goes, or its database: closes what it forgot. */
    public void end() {
        ended = true;
        open.forEach(ClientOpener.Client::end);
    }

    @Override
    public String toString() { return "database \"" + database + "\" for " + owner; }

    @Override
    public <T> T unwrap(Class<T> wanted) throws SQLException {
        if (wanted.isInstance(this)) {
            return wanted.cast(this);
        }
        throw JdbcErrors.of(errcode("0A000", "cannot unwrap to " + wanted.getName()), null);
    }

    @Override
    public boolean isWrapperFor(Class<?> wanted) { return wanted.isInstance(this); }

    @Override
    public PrintWriter getLogWriter() { return null; }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        throw new SQLFeatureNotSupportedException("the log is slf4j's");
    }

    @Override
    public int getLoginTimeout() { return 0; }

    /** Any limit is kept: there is no network and no password to wait for. */
    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("the log is slf4j's");
    }
}
