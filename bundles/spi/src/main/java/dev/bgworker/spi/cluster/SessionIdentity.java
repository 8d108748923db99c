package dev.bgworker.spi.cluster;

import dev.bgworker.api.process.Held;
import java.util.Map;

/**
 * Where a process is connected and as whom, and what its end has to give back; a value.
 *
 * @param databaseOid 0 for the shared catalogs alone
 * @param databaseName empty then
 * @param defaultedRole whether it named none, and so shows none: only superusers may signal it
 * @param settings stored for that role in that database, by name
 * @param presence until closed, dropping database or role is refused
 */
public record SessionIdentity(Database database, long databaseOid, String databaseName, RoleRow role,
        boolean defaultedRole, Map<String, String> settings, Held presence) {

    /** For the activity row; null for one that was not named. */
    public String shownRole() {
        return defaultedRole ? null : role.name();
    }
}
