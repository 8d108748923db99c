package dev.bgworker.spi.cluster;

import dev.bgworker.spi.sql.ClusterCommand.Privilege;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where the shared catalogs are kept: a database of spi's own in {@code global/}, which processes only see two views of.
 * Written by {@link Cluster} alone, under its lock.
 */
final class ControlDatabase {

    /** One statement of a change. */
    record Change(String sql, Object... args) {}

    private static final List<String> TABLES = List.of("CREATE SCHEMA IF NOT EXISTS shared",
            "CREATE SEQUENCE IF NOT EXISTS shared.oid START WITH 16384 NO CACHE",
            "CREATE TABLE IF NOT EXISTS shared.pg_database (oid BIGINT PRIMARY KEY, datname VARCHAR NOT NULL UNIQUE,"
                    + " datdba BIGINT NOT NULL, datallowconn BOOLEAN NOT NULL, datvalid BOOLEAN NOT NULL,"
                    + " place VARCHAR NOT NULL UNIQUE)",
            "CREATE TABLE IF NOT EXISTS shared.pg_authid (oid BIGINT PRIMARY KEY, rolname VARCHAR NOT NULL UNIQUE,"
                    + " rolcanlogin BOOLEAN NOT NULL, rolsuper BOOLEAN NOT NULL)",
            "CREATE TABLE IF NOT EXISTS shared.pg_database_acl (database BIGINT, grantee BIGINT, privilege VARCHAR,"
                    + " PRIMARY KEY (database, grantee, privilege))",
            "CREATE TABLE IF NOT EXISTS shared.pg_db_role_setting (setdatabase BIGINT, setrole BIGINT, name VARCHAR,"
                    + " setting VARCHAR NOT NULL, PRIMARY KEY (setdatabase, setrole, name))",
            "CREATE VIEW IF NOT EXISTS public.pg_database AS SELECT oid, datname, datdba, datallowconn, datvalid"
                    + " FROM shared.pg_database",
            "CREATE VIEW IF NOT EXISTS public.pg_roles AS SELECT oid, rolname, rolcanlogin, rolsuper"
                    + " FROM shared.pg_authid");

    private final Database database;

    ControlDatabase(Database database) { this.database = database; }

    Database database() { return database; }

    /**
     * Opens it, and fills it in one transaction as initdb does when it has no role yet; "postgres" is not valid before its
     * file is there.
     */
    Catalog start() {
        database.start(true);
        database.byAdmin("creating the shared catalogs", admin -> {
            try (Statement statement = admin.createStatement()) {
                for (String sql : TABLES) {
                    statement.execute(sql);
                }
                return null;
            }
        });
        if (load().roles().isEmpty()) {
            apply(new Change("INSERT INTO shared.pg_authid VALUES (?, 'postgres', TRUE, TRUE)",
                    RoleRow.BOOTSTRAP_SUPERUSER),
                    new Change("INSERT INTO shared.pg_database VALUES (?, 'postgres', ?, TRUE, FALSE, 'postgres')",
                            DatabaseRow.POSTGRES, RoleRow.BOOTSTRAP_SUPERUSER),
                    new Change("INSERT INTO shared.pg_database_acl VALUES (?, ?, ?)",
                            DatabaseRow.POSTGRES, Grant.PUBLIC, Privilege.CONNECT.name()));
        }
        return load();
    }

    private Catalog load() { return database.byAdmin("reading the shared catalogs", ControlDatabase::read); }

    private static Catalog read(Connection admin) throws SQLException {
        try (Statement statement = admin.createStatement()) {
            return new Catalog(databases(statement), roles(statement), grants(statement), settings(statement));
        }
    }

    private static Map<Long, DatabaseRow> databases(Statement statement) throws SQLException {
        Map<Long, DatabaseRow> found = new HashMap<>();
        try (ResultSet row = statement.executeQuery(
                "SELECT oid, datname, datdba, datallowconn, datvalid, place FROM shared.pg_database")) {
            while (row.next()) {
                found.put(row.getLong(1), new DatabaseRow(row.getLong(1), row.getString(2), row.getLong(3),
                        row.getBoolean(4), row.getBoolean(5), row.getString(6)));
            }
        }
        return found;
    }

    private static Map<Long, RoleRow> roles(Statement statement) throws SQLException {
        Map<Long, RoleRow> found = new HashMap<>();
        try (ResultSet row = statement.executeQuery("SELECT oid, rolname, rolcanlogin, rolsuper FROM shared.pg_authid")) {
            while (row.next()) {
                found.put(row.getLong(1),
                        new RoleRow(row.getLong(1), row.getString(2), row.getBoolean(3), row.getBoolean(4)));
            }
        }
        return found;
    }

    private static Set<Grant> grants(Statement statement) throws SQLException {
        Set<Grant> found = new HashSet<>();
        try (ResultSet row = statement.executeQuery("SELECT database, grantee, privilege FROM shared.pg_database_acl")) {
            while (row.next()) {
                found.add(new Grant(row.getLong(1), row.getLong(2), Privilege.valueOf(row.getString(3))));
            }
        }
        return found;
    }

    private static List<StoredSetting> settings(Statement statement) throws SQLException {
        List<StoredSetting> found = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(
                "SELECT setdatabase, setrole, name, setting FROM shared.pg_db_role_setting")) {
            while (row.next()) {
                found.add(new StoredSetting(row.getLong(1), row.getLong(2), row.getString(3), row.getString(4)));
            }
        }
        return found;
    }

    /** Never given twice, whatever becomes of it. */
    long nextOid() {
        return database.byAdmin("assigning an oid", admin -> {
            try (Statement statement = admin.createStatement();
                    ResultSet row = statement.executeQuery("SELECT NEXT VALUE FOR shared.oid")) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    /** All of it or nothing, durable when it returns; what the catalogs are then. */
    Catalog apply(Change... changes) {
        Catalog changed = database.byAdmin("changing the shared catalogs", admin -> {
            admin.setAutoCommit(false);
            try {
                for (Change change : changes) {
                    run(admin, change);
                }
                admin.commit();
            } finally {
                admin.rollback();
                admin.setAutoCommit(true);
            }
            return read(admin);
        });
        database.force();
        return changed;
    }

    private static void run(Connection admin, Change change) throws SQLException {
        try (PreparedStatement statement = admin.prepareStatement(change.sql())) {
            for (int i = 0; i < change.args().length; i++) {
                statement.setObject(i + 1, change.args()[i]);
            }
            statement.executeUpdate();
        }
    }
}
