package dev.bgworker.spi.cluster;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import dev.bgworker.spi.cluster.ControlDatabase.Change;
import dev.bgworker.spi.sql.ClusterCommand.AlterRole;
import dev.bgworker.spi.sql.ClusterCommand.CreateRole;
import dev.bgworker.spi.sql.ClusterCommand.DropRole;
import dev.bgworker.spi.sql.ClusterCommand.GrantOn;
import dev.bgworker.spi.sql.ClusterCommand.Privilege;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static dev.bgworker.api.process.ErrorData.errcode;

/** CREATE, ALTER and DROP ROLE, GRANT and REVOKE on databases. Thread-safe; each call on the thread of who issues it. */
final class RoleCommands {

    private static final Logger LOG = LoggerFactory.getLogger(RoleCommands.class);
    /** Of SQL, and the engine's own user, which spi alone is. */
    private static final Set<String> RESERVED = Set.of("public", "none", "admin");

    private final Cluster cluster;

    RoleCommands(Cluster cluster) { this.cluster = cluster; }

    /** Under the lock. */
    void create(CreateRole command) {
        Names.check(command.name());
        String folded = Users.folded(command.name());
        if (RESERVED.contains(folded) || folded.startsWith("pg_")) {
            throw new ErrorException(errcode("42939", "role name \"" + command.name() + "\" is reserved"));
        }
        // The engine does not tell their case apart.
        cluster.catalog().roles().values().stream().filter(role -> Users.folded(role.name()).equals(folded)).findAny()
                .ifPresent(same -> {
                    throw new ErrorException(errcode("42710", "role \"" + same.name() + "\" already exists"));
                });
        cluster.apply(new Change("INSERT INTO shared.pg_authid VALUES (?, ?, ?, ?)", cluster.nextOid(),
                command.name(), command.canLogin(), command.superuser()));
        cluster.applyLogins();
    }

    /** Under the lock. */
    void alter(AlterRole command) {
        RoleRow role = Names.role(cluster.catalog(), command.name());
        boolean superuser = command.superuser().orElse(role.superuser());
        if (role.oid() == RoleRow.BOOTSTRAP_SUPERUSER && !superuser) {
            throw new ErrorException(errcode("0A000", "permission denied to alter role")
                    .errdetail("The bootstrap superuser must have the SUPERUSER attribute."));
        }
        cluster.apply(new Change("UPDATE shared.pg_authid SET rolcanlogin = ?, rolsuper = ? WHERE oid = ?",
                command.canLogin().orElse(role.canLogin()), superuser, role.oid()));
        cluster.applyLogins();
    }

    void drop(DropRole command, Issuer who) {
        if (command.ifExists() && cluster.catalog().role(command.name()).isEmpty()) {
            LOG.info("role \"{}\" does not exist, skipping", command.name());
            return;
        }
        RoleRow role = Names.role(cluster.catalog(), command.name());
        if (role.oid() == who.identity().role().oid()) {
            throw new ErrorException(errcode("55006", "current user cannot be dropped"));
        } else if (role.oid() == RoleRow.BOOTSTRAP_SUPERUSER) {
            throw new ErrorException(errcode("2BP01",
                    "cannot drop role " + role.name() + " because it is required by the database system"));
        }
        try (Held entry = cluster.presence().lock(role.oid(), who.check())) {
            List<Presence.Session> sessions = cluster.presence().asRole(role.oid());
            if (!sessions.isEmpty()) {
                throw new ErrorException(errcode("55006", "role \"" + role.name() + "\" is being used by other sessions")
                        .errdetail(Names.sessions(sessions, "of that role")));
            }
            who.inside("DROP ROLE", () -> cluster.changing(() -> {
                drop(Names.role(cluster.catalog(), command.name()));
                return null;
            }));
        }
    }

    /** The catalogs first: a user of the engine that is left is dropped when the database is opened. */
    private void drop(RoleRow role) {
        List<String> owned = Stream.concat(
                cluster.catalog().databases().values().stream().filter(row -> row.owner() == role.oid())
                        .map(row -> "owner of database " + row.name()),
                cluster.databases().stream().filter(database -> database.open() && database.owns(role.name()))
                        .map(database -> "owner of a schema in database " + database.name()))
                .sorted().toList();
        if (!owned.isEmpty()) {
            throw new ErrorException(errcode("2BP01",
                    "role \"" + role.name() + "\" cannot be dropped because some objects depend on it")
                    .errdetail(String.join("\n", owned)));
        }
        cluster.apply(new Change("DELETE FROM shared.pg_database_acl WHERE grantee = ?", role.oid()),
                new Change("DELETE FROM shared.pg_db_role_setting WHERE setrole = ?", role.oid()),
                new Change("DELETE FROM shared.pg_authid WHERE oid = ?", role.oid()));
        cluster.applyLogins();
    }

    /** Under the lock. */
    void grant(GrantOn command) {
        DatabaseRow row = Names.alterable(cluster.catalog(), command.database());
        long role = command.grantee().map(name -> Names.role(cluster.catalog(), name).oid()).orElse(Grant.PUBLIC);
        String sql = command.grant()
                ? "MERGE INTO shared.pg_database_acl VALUES (?, ?, ?)"
                : "DELETE FROM shared.pg_database_acl WHERE database = ? AND grantee = ? AND privilege = ?";
        cluster.apply(command.privileges().stream().map(Privilege::name)
                .map(privilege -> new Change(sql, row.oid(), role, privilege)).toArray(Change[]::new));
        cluster.applyLogins();
    }
}
