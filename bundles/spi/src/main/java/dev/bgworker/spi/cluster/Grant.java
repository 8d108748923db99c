package dev.bgworker.spi.cluster;

import dev.bgworker.spi.sql.ClusterCommand.Privilege;

/** One privilege on a database; a value. The role is an oid, or {@link #PUBLIC}. */
record Grant(long database, long role, Privilege privilege) {

    /** {@code ACL_ID_PUBLIC}. */
    static final long PUBLIC = 0;
}
