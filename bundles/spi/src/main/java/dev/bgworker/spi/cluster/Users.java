package dev.bgworker.spi.cluster;

import dev.bgworker.spi.engine.Engine;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine's users of one database, one per role, each with a password that lasts until the host ends: no login ever fails,
 * since that would delay all others. Written under the lock of its {@link Database}, read by whoever connects.
 */
final class Users {

    /** Where sessions of that user come from. */
    @FunctionalInterface
    interface Sources {
        DataSource of(String user, String password) throws SQLException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Users.class);
    private static final int TRIES = 50;

    private final Engine engine;
    private final Sources sources;
    private final Map<String, DataSource> byRole = new ConcurrentHashMap<>();
    // Both under the lock of the database: the rights written in this life of the host, and the users that the engine has.
    private final Map<String, Login.Right> written = new HashMap<>();
    private final Set<String> known = new HashSet<>();

    Users(Engine engine, Sources sources) {
        this.engine = engine;
        this.sources = sources;
    }

    /** Null for a role that is none here. */
    DataSource source(String role) { return byRole.get(role); }

    /** The database was opened. */
    void read(Connection admin) throws SQLException {
        byRole.clear();
        written.clear();
        known.clear();
        try (Statement statement = admin.createStatement(); ResultSet row = statement.executeQuery(engine.users())) {
            while (row.next()) {
                known.add(row.getString(1));
            }
        }
    }

    /** Creates, changes and drops until there are these; who is right already is left alone. */
    void write(Connection admin, Collection<Login> logins) throws SQLException {
        Set<String> wanted = new HashSet<>();
        for (Login login : logins) {
            wanted.add(folded(login.role()));
        }
        for (String stray : Set.copyOf(known)) {
            if (!wanted.contains(stray)) {
                drop(admin, stray);
            }
        }
        byRole.keySet().removeIf(role -> !wanted.contains(folded(role)));
        written.keySet().removeIf(role -> !wanted.contains(folded(role)));
        for (Login login : logins) {
            if (written.get(login.role()) != login.right()) {
                write(admin, login);
            }
        }
    }

    private void write(Connection admin, Login login) throws SQLException {
        if (!byRole.containsKey(login.role())) {
            String password = Passwords.random();
            for (String sql : engine.user(login.role(), password)) {
                run(admin, sql);
            }
            known.add(folded(login.role()));
            byRole.put(login.role(), sources.of(login.role(), password));
        }
        run(admin, engine.mayCreate(login.role(), login.right() == Login.Right.CREATE));
        if (login.right() == Login.Right.READ_PUBLIC) {
            run(admin, engine.mayReadPublic(login.role()));
        }
        written.put(login.role(), login.right());
    }

    /** Of a role that is gone. One that owns a schema cannot be dropped; without its password nobody uses it. */
    private void drop(Connection admin, String user) throws SQLException {
        if (owns(admin, engine, user)) {
            LOG.warn("user \"{}\" of the engine is no role any more, but owns a schema", user);
        } else {
            run(admin, engine.dropUser(user));
            known.remove(user);
        }
    }

    static boolean owns(Connection admin, Engine engine, String role) throws SQLException {
        try (Statement statement = admin.createStatement(); ResultSet row = statement.executeQuery(engine.users())) {
            while (row.next()) {
                if (row.getString(1).equals(folded(role))) {
                    return row.getBoolean(2);
                }
            }
            return false;
        }
    }

    /** The engine does not tell the case of users apart. */
    static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** Again and again while another session's DDL is in the way, each time for one slice of a lock wait. */
    private void run(Connection admin, String sql) throws SQLException {
        for (int left = TRIES;; left--) {
            try (Statement statement = admin.createStatement()) {
                statement.execute(sql);
                return;
            } catch (SQLException e) {
                if (left == 1 || !engine.failure(e).waits()) {
                    throw e;
                }
            }
        }
    }
}
