package dev.bgworker.spi.cluster;

/** A row of {@code pg_authid}. A value. */
public record RoleRow(long oid, String name, boolean canLogin, boolean superuser) {

    /** {@code BOOTSTRAP_SUPERUSERID}. */
    public static final long BOOTSTRAP_SUPERUSER = 10;
}
