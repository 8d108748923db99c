package dev.bgworker.spi.cluster;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts;
import dev.bgworker.spi.cluster.ControlDatabase.Change;
import dev.bgworker.spi.sql.ClusterCommand.AllowConnections;
import dev.bgworker.spi.sql.ClusterCommand.CreateDatabase;
import dev.bgworker.spi.sql.ClusterCommand.DropDatabase;
import dev.bgworker.spi.sql.ClusterCommand.OwnerTo;
import dev.bgworker.spi.sql.ClusterCommand.Privilege;
import dev.bgworker.spi.sql.ClusterCommand.ReindexDatabase;
import dev.bgworker.spi.sql.ClusterCommand.RenameDatabase;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * CREATE, ALTER and DROP DATABASE. Files come after a row that is marked invalid and go before it, so a kill at any step
 * leaves what DROP DATABASE removes. Thread-safe; each call on the thread of who issues it.
 */
final class DatabaseCommands {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseCommands.class);
    private static final String DELETE = "DELETE FROM shared.pg_database WHERE oid = ?";

    private final Cluster cluster;
    private final Consumer<ProcArray.Entry> terminateIfInterruptible;
    private final Duration patience;

    DatabaseCommands(Cluster cluster, Consumer<ProcArray.Entry> terminateIfInterruptible, Duration patience) {
        this.cluster = cluster;
        this.terminateIfInterruptible = terminateIfInterruptible;
        this.patience = patience;
    }

    /** Under the lock. */
    void create(CreateDatabase command, Issuer who) {
        Names.check(command.name());
        if (cluster.catalog().database(command.name()).isPresent()) {
            throw new ErrorException(errcode("42P04", "database \"" + command.name() + "\" already exists"));
        }
        long owner = command.owner().map(name -> Names.role(cluster.catalog(), name)).orElse(who.identity().role()).oid();
        long oid = cluster.nextOid();
        DatabaseRow row = new DatabaseRow(oid, command.name(), owner, command.allowConnections(), true, Long.toString(oid));
        cluster.apply(new Change("INSERT INTO shared.pg_database VALUES (?, ?, ?, ?, FALSE, ?)", oid, row.name(), owner,
                row.allowConnections(), row.place()),
                new Change("INSERT INTO shared.pg_database_acl VALUES (?, ?, ?)", oid, Grant.PUBLIC,
                        Privilege.CONNECT.name()));
        try {
            cluster.create(row);
        } catch (RuntimeException e) {
            try {
                remove(row);
            } catch (RuntimeException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    void drop(DropDatabase command, Issuer who) {
        if (command.ifExists() && cluster.catalog().database(command.name()).isEmpty()) {
            LOG.info("database \"{}\" does not exist, skipping", command.name());
            return;
        }
        DatabaseRow row = Names.database(cluster.catalog(), command.name());
        if (row.oid() == who.identity().databaseOid()) {
            throw new ErrorException(errcode("55006", "cannot drop the currently open database"));
        } else if (row.oid() == DatabaseRow.POSTGRES) {
            throw new ErrorException(errcode("2BP01",
                    "cannot drop database \"" + row.name() + "\" because it is required by the database system"));
        }
        try (Held entry = cluster.presence().lock(row.oid(), who.check())) {
            recheck(row);
            empty(row, command.force(), who);
            who.inside("DROP DATABASE", () -> cluster.changing(() -> {
                cluster.apply(new Change("UPDATE shared.pg_database SET datvalid = FALSE WHERE oid = ?", row.oid()));
                remove(row);
                return null;
            }));
        }
    }

    /** Others may be created and dropped meanwhile; nobody connects to this one. */
    void reindex(ReindexDatabase command, Issuer who) {
        DatabaseRow row = Names.alterable(cluster.catalog(), command.name());
        if (row.oid() == who.identity().databaseOid()) {
            throw new ErrorException(errcode("55006", "cannot reindex the currently open database")
                    .errhint("Connect to another one, or to none, and repeat."));
        }
        try (Held entry = cluster.presence().lock(row.oid(), who.check())) {
            recheck(row);
            empty(row, command.force(), who);
            who.inside("REINDEX DATABASE", () -> {
                try {
                    cluster.database(row.oid()).orElseThrow().rebuild(who.check());
                } finally {
                    cluster.changing(() -> {
                        cluster.open(row);
                        return null;
                    });
                }
            });
        }
    }

    void rename(RenameDatabase command, Issuer who) {
        DatabaseRow row = Names.alterable(cluster.catalog(), command.database());
        Names.check(command.to());
        if (row.oid() == who.identity().databaseOid()) {
            throw new ErrorException(errcode("0A000", "current database cannot be renamed"));
        }
        try (Held entry = cluster.presence().lock(row.oid(), who.check())) {
            recheck(row);
            empty(row, false, who);
            who.inside("ALTER DATABASE", () -> cluster.changing(() -> {
                if (cluster.catalog().database(command.to()).isPresent()) {
                    throw new ErrorException(errcode("42P04", "database \"" + command.to() + "\" already exists"));
                }
                cluster.apply(
                        new Change("UPDATE shared.pg_database SET datname = ? WHERE oid = ?", command.to(), row.oid()));
                cluster.database(row.oid()).ifPresent(database -> database.rename(command.to()));
                return null;
            }));
        }
    }

    /** Under the lock. */
    void allowConnections(AllowConnections command, Issuer who) {
        DatabaseRow row = Names.alterable(cluster.catalog(), command.database());
        if (!command.allow() && row.oid() == who.identity().databaseOid()) {
            throw new ErrorException(errcode("22023", "cannot disallow connections for current database"));
        }
        cluster.apply(
                new Change("UPDATE shared.pg_database SET datallowconn = ? WHERE oid = ?", command.allow(), row.oid()));
    }

    /** Under the lock. */
    void owner(OwnerTo command) {
        DatabaseRow row = Names.alterable(cluster.catalog(), command.database());
        cluster.apply(new Change("UPDATE shared.pg_database SET datdba = ? WHERE oid = ?",
                Names.role(cluster.catalog(), command.owner()).oid(), row.oid()));
        cluster.applyLogins();
    }

    /** Files, then rows; its row is marked invalid. */
    private void remove(DatabaseRow row) {
        cluster.remove(row);
        cluster.apply(new Change("DELETE FROM shared.pg_database_acl WHERE database = ?", row.oid()),
                new Change("DELETE FROM shared.pg_db_role_setting WHERE setdatabase = ?", row.oid()),
                new Change(DELETE, row.oid()));
    }

    /** Somebody else may have dropped or renamed it before this one got the lock. */
    private void recheck(DatabaseRow row) {
        if (cluster.catalog().database(row.oid()).filter(now -> now.name().equals(row.name())).isEmpty()) {
            throw new ErrorException(Admission.noDatabase(row.name())
                    .errdetail("It seems to have just been dropped or renamed."));
        }
    }

    private void empty(DatabaseRow row, boolean force, Issuer who) {
        List<Presence.Session> left = cluster.presence().awaitNobody(row.oid(), patience, session -> {
            terminateIfInterruptible.accept(session.proc());
            if (force) {
                session.proc().raise(Interrupts.Signal.TERM);
            }
        }, who.check());
        if (!left.isEmpty()) {
            throw new ErrorException(errcode("55006",
                    "database \"" + row.name() + "\" is being accessed by other users")
                    .errdetail(Names.sessions(left, "using the database"))
                    .errhint(force ? "" : "WITH (FORCE) at the end of DROP and REINDEX DATABASE terminates them."));
        }
    }
}
