package dev.bgworker.spi;

import dev.bgworker.spi.cluster.Catalog;
import dev.bgworker.spi.functions.SharedCatalogs;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/** The catalog in memory as rows of views, by oid. Thread-safe. */
record CatalogRows(Supplier<Catalog> catalog) implements SharedCatalogs {

    @Override
    public List<DatabaseEntry> databases() {
        return catalog.get().databases().values().stream()
                .map(row -> new DatabaseEntry(row.oid(), row.name(), row.owner(), row.allowConnections(), row.valid()))
                .sorted(Comparator.comparing(DatabaseEntry::oid)).toList();
    }

    @Override
    public List<RoleEntry> roles() {
        return catalog.get().roles().values().stream()
                .map(row -> new RoleEntry(row.oid(), row.name(), row.canLogin(), row.superuser()))
                .sorted(Comparator.comparing(RoleEntry::oid)).toList();
    }
}
