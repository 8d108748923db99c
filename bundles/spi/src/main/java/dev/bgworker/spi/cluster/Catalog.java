package dev.bgworker.spi.cluster;

import dev.bgworker.spi.sql.ClusterCommand.Privilege;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The shared catalogs as they were after the last change: what connecting reads, without a lock and without a query. */
public record Catalog(Map<Long, DatabaseRow> databases, Map<Long, RoleRow> roles, Set<Grant> grants,
        List<StoredSetting> settings) {

    public Catalog {
        databases = Map.copyOf(databases);
        roles = Map.copyOf(roles);
        grants = Set.copyOf(grants);
        settings = List.copyOf(settings);
    }

    public Optional<DatabaseRow> database(long oid) { return Optional.ofNullable(databases.get(oid)); }

    public Optional<DatabaseRow> database(String name) {
        return databases.values().stream().filter(row -> row.name().equals(name)).findAny();
    }

    public Optional<RoleRow> role(long oid) { return Optional.ofNullable(roles.get(oid)); }

    public Optional<RoleRow> role(String name) {
        return roles.values().stream().filter(row -> row.name().equals(name)).findAny();
    }

    /** By itself, through PUBLIC, as owner or as superuser. */
    public boolean may(RoleRow role, Privilege privilege, DatabaseRow database) {
        return role.superuser() || database.owner() == role.oid()
                || grants.contains(new Grant(database.oid(), role.oid(), privilege))
                || grants.contains(new Grant(database.oid(), Grant.PUBLIC, privilege));
    }

    /** What is stored for that role in that database; the more specific wins, as {@code process_settings} orders them. */
    public Map<String, String> settings(long database, long role) {
        Map<String, String> found = new HashMap<>();
        add(found, 0, 0);
        add(found, database, 0);
        add(found, 0, role);
        add(found, database, role);
        return Map.copyOf(found);
    }

    private void add(Map<String, String> found, long database, long role) {
        for (StoredSetting each : settings) {
            if (each.database() == database && each.role() == role) {
                found.put(each.name(), each.value());
            }
        }
    }

    /** The users that the engine has to know in that database. */
    Collection<Login> logins(DatabaseRow database) {
        return roles.values().stream().map(role -> new Login(role.name(),
                may(role, Privilege.CREATE, database) ? Login.Right.CREATE : Login.Right.NONE)).toList();
    }

    /** And in the control database, where all may read what is shown and no more. */
    Collection<Login> readers() {
        return roles.values().stream().map(role -> new Login(role.name(), Login.Right.READ_PUBLIC)).toList();
    }
}
