package dev.bgworker.spi.functions;

import java.util.List;

/** What every database shows of the shared catalogs, as they were after the last change. Thread-safe. */
public interface SharedCatalogs {

    /** A row of {@code pg_database}. */
    record DatabaseEntry(long oid, String datname, long datdba, boolean datallowconn, boolean datvalid) {}

    /** A row of {@code pg_roles}. */
    record RoleEntry(long oid, String rolname, boolean rolcanlogin, boolean rolsuper) {}

    List<DatabaseEntry> databases();

    List<RoleEntry> roles();
}
