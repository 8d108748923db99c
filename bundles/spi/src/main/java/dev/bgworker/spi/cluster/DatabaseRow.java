package dev.bgworker.spi.cluster;

/**
 * A row of {@code pg_database}. A value.
 *
 * @param owner {@code datdba}, an oid
 * @param valid false while it is being created or dropped; one that a crash left so can only be dropped
 * @param place its file name below {@code base/}
 */
public record DatabaseRow(long oid, String name, long owner, boolean allowConnections, boolean valid, String place) {

    /** Of initdb. */
    public static final long POSTGRES = 5;
}
