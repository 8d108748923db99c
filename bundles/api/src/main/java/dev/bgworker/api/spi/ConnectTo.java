package dev.bgworker.api.spi;

import dev.bgworker.api.process.ErrorException;
import java.util.EnumSet;
import java.util.Set;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * Where to connect and as whom, each by name or by oid; null, empty and 0 mean neither: no database sees the shared catalogs
 * only, no role is the definition's, else the superuser of initdb. Name and oid together are 22023.
 */
public record ConnectTo(String database, long databaseOid, String role, long roleOid, Set<Bypass> bypass) {

    /** {@code BGWORKER_BYPASS_ALLOWCONN}, {@code BGWORKER_BYPASS_ROLELOGINCHECK}. */
    public enum Bypass {
        ALLOWCONN, ROLELOGINCHECK
    }

    public ConnectTo {
        database = database == null ? "" : database;
        role = role == null ? "" : role;
        if (!database.isEmpty() && databaseOid != 0 || !role.isEmpty() && roleOid != 0) {
            throw new ErrorException(errcode("22023", "both a name and an oid are given"));
        }
        bypass = Set.copyOf(bypass);
    }

    /** That database, without a role: see above. */
    public static ConnectTo database(String name) {
        return new ConnectTo(name, 0, "", 0, Set.of());
    }

    /** That database by oid, without a role. */
    public static ConnectTo databaseOid(long oid) {
        return new ConnectTo("", oid, "", 0, Set.of());
    }

    /** No database: the shared catalogs, without a role. */
    public static ConnectTo sharedCatalogs() { return database(""); }

    /** As that role. */
    public ConnectTo as(String role) { return new ConnectTo(database, databaseOid, role, 0, bypass); }

    /** As that role, by oid. */
    public ConnectTo asOid(long oid) {
        return new ConnectTo(database, databaseOid, "", oid, bypass);
    }

    /** Skips checks. */
    public ConnectTo bypassing(Bypass first, Bypass... more) {
        return new ConnectTo(database, databaseOid, role, roleOid, EnumSet.of(first, more));
    }
}
