package dev.bgworker.spi.cluster;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.spi.cluster.ControlDatabase.Change;
import dev.bgworker.spi.sql.ClusterCommand.Store;
import dev.bgworker.spi.timeout.Setting;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static dev.bgworker.api.process.ErrorData.errcode;

/** ALTER DATABASE and ALTER ROLE, SET and RESET: settings that a session begins with. Under the lock of the cluster. */
final class StoreCommands {

    private static final int NAME_BYTES = 63;

    private final Cluster cluster;

    StoreCommands(Cluster cluster) { this.cluster = cluster; }

    void store(Store command) {
        long database = command.database().map(name -> Names.alterable(cluster.catalog(), name).oid()).orElse(0L);
        long role = command.role().map(name -> Names.role(cluster.catalog(), name).oid()).orElse(0L);
        Optional<Setting> setting = command.setting().map(StoreCommands::known);
        if (setting.isEmpty()) {
            cluster.apply(new Change("DELETE FROM shared.pg_db_role_setting WHERE setdatabase = ? AND setrole = ?",
                    database, role));
        } else if (command.value().isEmpty()) {
            cluster.apply(new Change(
                    "DELETE FROM shared.pg_db_role_setting WHERE setdatabase = ? AND setrole = ? AND name = ?",
                    database, role, setting.get().sqlName()));
        } else {
            String value = checked(setting.get(), command.value().get());
            cluster.apply(new Change("MERGE INTO shared.pg_db_role_setting VALUES (?, ?, ?, ?)",
                    database, role, setting.get().sqlName(), value));
        }
    }

    private static Setting known(String name) {
        return Setting.of(name).orElseThrow(() -> new ErrorException(
                errcode("42501", "permission denied to set parameter \"" + name + "\"")
                        .errdetail("The settings of a session are the host's.")
                        .errhint("What can be stored is "
                                + Stream.of(Setting.values()).map(Setting::sqlName).collect(Collectors.joining(", "))
                                + ".")));
    }

    private static String checked(Setting setting, String value) {
        if (!setting.isTime() && value.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES) {
            throw new ErrorException(errcode("22023",
                    "invalid value for parameter \"" + setting.sqlName() + "\": \"" + value + "\"")
                    .errhint("It has at most " + NAME_BYTES + " bytes."));
        }
        return setting.checked(value);
    }
}
