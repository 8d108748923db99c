package dev.bgworker.spi.cluster;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.spi.sql.ClusterCommand;
import dev.bgworker.spi.sql.ClusterCommand.AllowConnections;
import dev.bgworker.spi.sql.ClusterCommand.AlterRole;
import dev.bgworker.spi.sql.ClusterCommand.CreateDatabase;
import dev.bgworker.spi.sql.ClusterCommand.CreateRole;
import dev.bgworker.spi.sql.ClusterCommand.DropDatabase;
import dev.bgworker.spi.sql.ClusterCommand.DropRole;
import dev.bgworker.spi.sql.ClusterCommand.GrantOn;
import dev.bgworker.spi.sql.ClusterCommand.OwnerTo;
import dev.bgworker.spi.sql.ClusterCommand.ReindexDatabase;
import dev.bgworker.spi.sql.ClusterCommand.RenameDatabase;
import dev.bgworker.spi.sql.ClusterCommand.Store;
import java.time.Duration;
import java.util.function.Consumer;

import static dev.bgworker.api.process.ErrorData.errcode;

/** Carries out statements on databases and roles, for superusers. Thread-safe; each call on the issuer's own thread. */
public final class ClusterCommands {

    /** Of {@code CountOtherDBBackends}: 50 tries, 100 ms apart. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Cluster cluster;
    private final DatabaseCommands databases;
    private final RoleCommands roles;
    private final StoreCommands settings;

    /**
     * @param terminateIfInterruptible told once of each process in the way of a command that needs a database empty
     * @param patience of such a command
     */
    public ClusterCommands(Cluster cluster, Consumer<ProcArray.Entry> terminateIfInterruptible, Duration patience) {
        this.cluster = cluster;
        this.databases = new DatabaseCommands(cluster, terminateIfInterruptible, patience);
        this.roles = new RoleCommands(cluster);
        this.settings = new StoreCommands(cluster);
    }

    /**
     * @param tag PostgreSQL's command tag
     * @throws ErrorException what is to abort the transaction
     */
    public void execute(ClusterCommand command, String tag, Issuer who) {
        if (cluster.catalog().role(who.identity().role().oid()).filter(RoleRow::superuser).isEmpty()) {
            throw new ErrorException(errcode("42501", "permission denied to execute " + tag)
                    .errdetail("Only roles with the SUPERUSER attribute may execute it."));
        }
        if (command instanceof DropDatabase drop) {
            databases.drop(drop, who);
        } else if (command instanceof ReindexDatabase reindex) {
            databases.reindex(reindex, who);
        } else if (command instanceof RenameDatabase rename) {
            databases.rename(rename, who);
        } else if (command instanceof DropRole drop) {
            roles.drop(drop, who);
        } else {
            who.inside(tag, () -> cluster.changing(() -> {
                atOnce(command, who);
                return null;
            }));
        }
        cluster.changed();
    }

    /** What waits for no process. */
    private void atOnce(ClusterCommand command, Issuer who) {
        if (command instanceof CreateDatabase create) {
            databases.create(create, who);
        } else if (command instanceof AllowConnections allow) {
            databases.allowConnections(allow, who);
        } else if (command instanceof OwnerTo owner) {
            databases.owner(owner);
        } else if (command instanceof CreateRole create) {
            roles.create(create);
        } else if (command instanceof AlterRole alter) {
            roles.alter(alter);
        } else if (command instanceof GrantOn grant) {
            roles.grant(grant);
        } else if (command instanceof Store store) {
            settings.store(store);
        } else {
            throw new IllegalArgumentException(command.toString());
        }
    }
}
