package dev.bgworker.spi.sql;

import java.util.Optional;
import java.util.Set;

/** A statement on databases and roles, which spi carries out itself. Values; names as the catalogs have them. */
public sealed interface ClusterCommand {

    /** {@code ACL_CONNECT}, {@code ACL_CREATE}. */
    enum Privilege {
        CONNECT, CREATE
    }

    record CreateDatabase(String name, Optional<String> owner, boolean allowConnections) implements ClusterCommand {}

    record DropDatabase(String name, boolean ifExists, boolean force) implements ClusterCommand {}

    record ReindexDatabase(String name, boolean force) implements ClusterCommand {}

    record AllowConnections(String database, boolean allow) implements ClusterCommand {}

    record RenameDatabase(String database, String to) implements ClusterCommand {}

    record OwnerTo(String database, String owner) implements ClusterCommand {}

    /** A role; CREATE USER is one with LOGIN. */
    record CreateRole(String name, boolean canLogin, boolean superuser) implements ClusterCommand {}

    /** What is empty stays. */
    record AlterRole(String name, Optional<Boolean> canLogin, Optional<Boolean> superuser) implements ClusterCommand {}

    record DropRole(String name, boolean ifExists) implements ClusterCommand {}

    /** GRANT or REVOKE; no grantee is PUBLIC. */
    record GrantOn(boolean grant, Set<Privilege> privileges, String database,
            Optional<String> grantee) implements ClusterCommand {}

    /** SET and RESET of a stored setting; no database or role is each, no value is RESET, no name is RESET ALL. */
    record Store(Optional<String> database, Optional<String> role, Optional<String> setting,
            Optional<String> value) implements ClusterCommand {}
}
