package dev.bgworker.spi.cluster;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.ConnectTo.Bypass;
import dev.bgworker.spi.sql.ClusterCommand.Privilege;
import java.util.Optional;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * Whether a process may connect, decided on one state of the catalogs; a value. The order is PostgreSQL's ({@code
 * InitPostgres}, {@code CheckMyDatabase}): {@link #find}, then the lock on both entries, then {@link #recheck}.
 *
 * @param database empty for the shared catalogs alone
 */
record Admission(RoleRow role, boolean defaultedRole, Optional<DatabaseRow> database, boolean bypassAllowConn) {

    static final String DROP_INVALID = "Use DROP DATABASE to drop invalid databases.";

    /** @param definitionsRole as whom the process connects when it says nothing, empty for the bootstrap superuser */
    static Admission find(Catalog catalog, ConnectTo how, String definitionsRole) {
        String name = how.role().isEmpty() && how.roleOid() == 0 ? definitionsRole : how.role();
        boolean defaulted = name.isEmpty() && how.roleOid() == 0;
        RoleRow role = defaulted
                ? catalog.role(RoleRow.BOOTSTRAP_SUPERUSER).orElseThrow()
                : checked(catalog, name, how);
        return new Admission(role, defaulted, database(catalog, how), how.bypass().contains(Bypass.ALLOWCONN));
    }

    private static RoleRow checked(Catalog catalog, String name, ConnectTo how) {
        RoleRow role = (name.isEmpty() ? catalog.role(how.roleOid()) : catalog.role(name))
                .orElseThrow(() -> refused(errcode("28000", name.isEmpty()
                        ? "role with OID " + Long.toUnsignedString(how.roleOid()) + " does not exist"
                        : "role \"" + name + "\" does not exist")));
        if (!role.canLogin() && !how.bypass().contains(Bypass.ROLELOGINCHECK)) {
            throw refused(errcode("28000", "role \"" + role.name() + "\" is not permitted to log in"));
        }
        return role;
    }

    private static Optional<DatabaseRow> database(Catalog catalog, ConnectTo how) {
        if (!how.database().isEmpty()) {
            return Optional.of(catalog.database(how.database()).orElseThrow(() -> refused(noDatabase(how.database()))));
        } else if (how.databaseOid() != 0) {
            return Optional.of(catalog.database(how.databaseOid()).orElseThrow(() -> refused(
                    errcode("3D000", "database " + Long.toUnsignedString(how.databaseOid()) + " does not exist"))));
        }
        return Optional.empty();
    }

    static ErrorData noDatabase(String name) { return errcode("3D000", "database \"" + name + "\" does not exist"); }

    /** With the catalogs as they are under the lock. */
    void recheck(Catalog catalog) {
        if (catalog.role(role.oid()).isEmpty()) {
            throw refused(errcode("28000", "role \"" + role.name() + "\" does not exist"));
        }
        database.ifPresent(before -> recheck(catalog, before));
    }

    private void recheck(Catalog catalog, DatabaseRow before) {
        DatabaseRow now = catalog.database(before.oid()).filter(row -> row.name().equals(before.name()))
                .orElseThrow(() -> refused(noDatabase(before.name())
                        .errdetail("It seems to have just been dropped or renamed.")));
        if (!now.valid()) {
            throw refused(errcode("55000", "cannot connect to invalid database \"" + now.name() + "\"")
                    .errhint(DROP_INVALID));
        } else if (bypassAllowConn) {
            return;
        } else if (!now.allowConnections()) {
            throw refused(errcode("55000", "database \"" + now.name() + "\" is not currently accepting connections"));
        } else if (!catalog.may(catalog.role(role.oid()).orElseThrow(), Privilege.CONNECT, now)) {
            throw refused(errcode("42501", "permission denied for database \"" + now.name() + "\"")
                    .errdetail("User does not have CONNECT privilege."));
        }
    }

    private static ErrorException refused(ErrorData error) { return new ErrorException(error); }
}
