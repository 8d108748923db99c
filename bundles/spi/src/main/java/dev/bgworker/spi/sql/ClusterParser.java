package dev.bgworker.spi.sql;

import dev.bgworker.spi.sql.ClusterCommand.AllowConnections;
import dev.bgworker.spi.sql.ClusterCommand.AlterRole;
import dev.bgworker.spi.sql.ClusterCommand.CreateDatabase;
import dev.bgworker.spi.sql.ClusterCommand.CreateRole;
import dev.bgworker.spi.sql.ClusterCommand.DropDatabase;
import dev.bgworker.spi.sql.ClusterCommand.DropRole;
import dev.bgworker.spi.sql.ClusterCommand.GrantOn;
import dev.bgworker.spi.sql.ClusterCommand.OwnerTo;
import dev.bgworker.spi.sql.ClusterCommand.Privilege;
import dev.bgworker.spi.sql.ClusterCommand.ReindexDatabase;
import dev.bgworker.spi.sql.ClusterCommand.RenameDatabase;
import dev.bgworker.spi.sql.ClusterCommand.Store;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** PostgreSQL's grammar of statements on databases and roles, as far as the host knows them; 42601 for the rest. One use. */
public final class ClusterParser {

    private final ClusterText text;

    private ClusterParser(String sql) { this.text = new ClusterText(sql); }

    public static ClusterCommand parse(String sql) {
        ClusterParser parser = new ClusterParser(sql);
        ClusterCommand command = parser.command();
        parser.text.expectEnd();
        return command;
    }

    private ClusterCommand command() {
        if (text.accept("CREATE", "DATABASE")) {
            return createDatabase(text.name());
        } else if (text.accept("ALTER", "DATABASE")) {
            return alterDatabase(text.name());
        } else if (text.accept("DROP", "DATABASE")) {
            boolean ifExists = text.accept("IF", "EXISTS");
            return new DropDatabase(text.name(), ifExists, force());
        } else if (text.accept("REINDEX", "DATABASE")) {
            return new ReindexDatabase(text.name(), force());
        } else if (text.accept("CREATE", "ROLE")) {
            return createRole(text.name(), false);
        } else if (text.accept("CREATE", "USER")) {
            return createRole(text.name(), true);
        } else if (text.accept("ALTER", "ROLE") || text.accept("ALTER", "USER")) {
            return alterRole();
        } else if (text.accept("DROP", "ROLE") || text.accept("DROP", "USER")) {
            boolean ifExists = text.accept("IF", "EXISTS");
            return new DropRole(text.name(), ifExists);
        } else if (text.accept("GRANT")) {
            return grant(true, "TO");
        }
        text.expect("REVOKE");
        return grant(false, "FROM");
    }

    private CreateDatabase createDatabase(String name) {
        Optional<String> owner = Optional.empty();
        boolean allow = true;
        text.accept("WITH");
        while (!text.atEnd()) {
            if (text.accept("OWNER")) {
                text.accept("=");
                owner = Optional.of(text.name());
            } else {
                allow = allowConnections();
            }
        }
        return new CreateDatabase(name, owner, allow);
    }

    private boolean allowConnections() {
        text.expect("ALLOW_CONNECTIONS");
        text.accept("=");
        return text.bool();
    }

    private ClusterCommand alterDatabase(String name) {
        if (text.accept("RENAME", "TO")) {
            return new RenameDatabase(name, text.name());
        } else if (text.accept("OWNER", "TO")) {
            return new OwnerTo(name, text.name());
        } else if (text.accept("SET")) {
            return set(Optional.of(name), Optional.empty());
        } else if (text.accept("RESET")) {
            return reset(Optional.of(name), Optional.empty());
        }
        text.accept("WITH");
        return new AllowConnections(name, allowConnections());
    }

    private boolean force() {
        boolean with = text.accept("WITH");
        if (with || !text.atEnd()) {
            text.expect("(", "FORCE", ")");
            return true;
        }
        return false;
    }

    private CreateRole createRole(String name, boolean user) {
        AlterRole options = options(name);
        return new CreateRole(name, options.canLogin().orElse(user), options.superuser().orElse(false));
    }

    private ClusterCommand alterRole() {
        Optional<String> role = text.accept("ALL") ? Optional.empty() : Optional.of(text.name());
        Optional<String> database = text.accept("IN", "DATABASE") ? Optional.of(text.name()) : Optional.empty();
        if (text.accept("SET")) {
            return set(database, role);
        } else if (text.accept("RESET")) {
            return reset(database, role);
        } else if (role.isEmpty() || database.isPresent()) {
            throw text.syntaxError();
        }
        return options(role.get());
    }

    private AlterRole options(String name) {
        Optional<Boolean> canLogin = Optional.empty();
        Optional<Boolean> superuser = Optional.empty();
        text.accept("WITH");
        while (!text.atEnd()) {
            if (text.accept("LOGIN")) {
                canLogin = Optional.of(true);
            } else if (text.accept("NOLOGIN")) {
                canLogin = Optional.of(false);
            } else if (text.accept("SUPERUSER")) {
                superuser = Optional.of(true);
            } else {
                text.expect("NOSUPERUSER");
                superuser = Optional.of(false);
            }
        }
        return new AlterRole(name, canLogin, superuser);
    }

    private Store set(Optional<String> database, Optional<String> role) {
        String setting = text.name();
        if (!text.accept("=")) {
            text.expect("TO");
        }
        return new Store(database, role, Optional.of(setting),
                text.accept("DEFAULT") ? Optional.empty() : Optional.of(text.value()));
    }

    private Store reset(Optional<String> database, Optional<String> role) {
        return new Store(database, role, text.accept("ALL") ? Optional.empty() : Optional.of(text.name()), Optional.empty());
    }

    private GrantOn grant(boolean grant, String preposition) {
        Set<Privilege> privileges = privileges();
        text.expect("ON", "DATABASE");
        String database = text.name();
        text.expect(preposition);
        Optional<String> grantee = text.accept("PUBLIC") ? Optional.empty() : Optional.of(text.name());
        return new GrantOn(grant, privileges, database, grantee);
    }

    private Set<Privilege> privileges() {
        if (text.accept("ALL")) {
            text.accept("PRIVILEGES");
            return EnumSet.allOf(Privilege.class);
        }
        Set<Privilege> found = EnumSet.noneOf(Privilege.class);
        do {
            if (text.accept("CONNECT")) {
                found.add(Privilege.CONNECT);
            } else {
                text.expect("CREATE");
                found.add(Privilege.CREATE);
            }
        } while (text.accept(","));
        return found;
    }
}
