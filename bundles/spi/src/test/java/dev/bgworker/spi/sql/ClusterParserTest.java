package dev.bgworker.spi.sql;

import dev.bgworker.api.process.ErrorException;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** PostgreSQL's grammar of databases and roles. */
class ClusterParserTest {

    private static final Optional<String> NONE = Optional.empty();

    private static Optional<String> some(String text) { return Optional.of(text); }

    @Test
    void statementsMeanWhatTheyMeanInPostgres() {
        Map.ofEntries(
                Map.entry("CREATE DATABASE d", new CreateDatabase("d", NONE, true)),
                Map.entry("create /* ; */ database \"My \"\"Db\" with owner = R allow_connections = false",
                        new CreateDatabase("My \"Db", some("r"), false)),
                Map.entry("CREATE DATABASE d ALLOW_CONNECTIONS ON OWNER r", new CreateDatabase("d", some("r"), true)),
                Map.entry("ALTER DATABASE d ALLOW_CONNECTIONS false", new AllowConnections("d", false)),
                Map.entry("ALTER DATABASE d WITH ALLOW_CONNECTIONS = true", new AllowConnections("d", true)),
                Map.entry("ALTER DATABASE D RENAME TO \"D\"", new RenameDatabase("d", "D")),
                Map.entry("ALTER DATABASE d OWNER TO r", new OwnerTo("d", "r")),
                Map.entry("ALTER DATABASE d SET statement_timeout = '5s'",
                        new Store(some("d"), NONE, some("statement_timeout"), some("5s"))),
                Map.entry("ALTER DATABASE d SET statement_timeout TO DEFAULT",
                        new Store(some("d"), NONE, some("statement_timeout"), NONE)),
                Map.entry("ALTER DATABASE d RESET lock_timeout", new Store(some("d"), NONE, some("lock_timeout"), NONE)),
                Map.entry("ALTER DATABASE d RESET ALL", new Store(some("d"), NONE, NONE, NONE)),
                Map.entry("ALTER ROLE r SET application_name = 'it''s'",
                        new Store(NONE, some("r"), some("application_name"), some("it's"))),
                Map.entry("ALTER USER r IN DATABASE d SET lock_timeout TO 0",
                        new Store(some("d"), some("r"), some("lock_timeout"), some("0"))),
                Map.entry("ALTER ROLE ALL RESET ALL", new Store(NONE, NONE, NONE, NONE)),
                Map.entry("DROP DATABASE d", new DropDatabase("d", false, false)),
                Map.entry("DROP DATABASE IF EXISTS d WITH (FORCE)", new DropDatabase("d", true, true)),
                Map.entry("DROP DATABASE d (FORCE)", new DropDatabase("d", false, true)),
                Map.entry("REINDEX DATABASE d", new ReindexDatabase("d", false)),
                Map.entry("REINDEX DATABASE d WITH (FORCE)", new ReindexDatabase("d", true)),
                Map.entry("CREATE ROLE r", new CreateRole("r", false, false)),
                Map.entry("CREATE USER r", new CreateRole("r", true, false)),
                Map.entry("CREATE ROLE r WITH LOGIN SUPERUSER", new CreateRole("r", true, true)),
                Map.entry("CREATE USER r NOLOGIN NOSUPERUSER", new CreateRole("r", false, false)),
                Map.entry("ALTER ROLE r NOLOGIN", new AlterRole("r", Optional.of(false), Optional.empty())),
                Map.entry("ALTER USER r WITH SUPERUSER", new AlterRole("r", Optional.empty(), Optional.of(true))),
                Map.entry("DROP ROLE r", new DropRole("r", false)),
                Map.entry("DROP USER IF EXISTS r", new DropRole("r", true)),
                Map.entry("GRANT CONNECT ON DATABASE d TO r",
                        new GrantOn(true, Set.of(Privilege.CONNECT), "d", some("r"))),
                Map.entry("REVOKE CONNECT, CREATE ON DATABASE d FROM PUBLIC",
                        new GrantOn(false, EnumSet.allOf(Privilege.class), "d", NONE)),
                Map.entry("GRANT ALL PRIVILEGES ON DATABASE d TO \"public\"",
                        new GrantOn(true, EnumSet.allOf(Privilege.class), "d", some("public"))))
                .forEach((sql, command) -> assertThat(ClusterParser.parse(sql)).as(sql).isEqualTo(command));
    }

    @ParameterizedTest
    @ValueSource(strings = {"CREATE DATABASE", "CREATE DATABASE \"\"", "CREATE DATABASE 'd'", "CREATE DATABASE d x",
            "CREATE DATABASE d TEMPLATE t", "CREATE DATABASE `d`",
            "CREATE DATABASE d ALLOW_CONNECTIONS 2",
            "ALTER DATABASE d", "ALTER DATABASE d SET", "ALTER DATABASE d SET x", "ALTER DATABASE d SET x = ",
            "DROP DATABASE d WITH",
            "DROP DATABASE d WITH (x)", "DROP DATABASE a, b", "CREATE USER u PASSWORD 'x'", "CREATE USER u ADMIN",
            "CREATE USER IF NOT EXISTS u", "ALTER USER u RENAME TO v", "ALTER USER u ADMIN TRUE", "ALTER ROLE ALL LOGIN",
            "ALTER ROLE r IN DATABASE d LOGIN", "GRANT CONNECT ON DATABASE d", "GRANT SELECT ON DATABASE d TO r",
            "GRANT CONNECT ON DATABASE d FROM r", "REVOKE CONNECT ON DATABASE d TO r", "DROP ROLE r CASCADE",
            "ALTER DATABASE d SET x = ?", "CREATE DATABASE U&\"d\""})
    void whatIsNoneIsASyntaxError(String sql) {
        assertThatThrownBy(() -> ClusterParser.parse(sql)).isInstanceOfSatisfying(ErrorException.class,
                e -> assertThat(e.data().sqlState()).as(e.data().message()).isEqualTo("42601"));
    }
}
