package dev.bgworker.spi.cluster;

import dev.bgworker.api.control.TimeText;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.spi.cluster.ControlDatabase.Change;
import dev.bgworker.spi.sql.ClusterCommand.Store;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

import static dev.bgworker.api.process.ErrorData.errcode;

/** ALTER DATABASE and ALTER ROLE, SET and RESET: settings that a session begins with. Under the lock of the cluster. */
final class SettingCommands {

    private static final Set<String> TIMES = Set.of("statement_timeout", "lock_timeout", "transaction_timeout",
            "idle_in_transaction_session_timeout");
    private static final String APPLICATION_NAME = "application_name";
    private static final int NAME_BYTES = 63;

    private final Cluster cluster;

    SettingCommands(Cluster cluster) { this.cluster = cluster; }

    void store(Store command) {
        long database = command.database().map(name -> Names.alterable(cluster.catalog(), name).oid()).orElse(0L);
        long role = command.role().map(name -> Names.role(cluster.catalog(), name).oid()).orElse(0L);
        command.setting().ifPresent(SettingCommands::checkName);
        if (command.setting().isEmpty()) {
            cluster.apply(new Change("DELETE FROM shared.pg_db_role_setting WHERE setdatabase = ? AND setrole = ?",
                    database, role));
        } else if (command.value().isEmpty()) {
            cluster.apply(new Change(
                    "DELETE FROM shared.pg_db_role_setting WHERE setdatabase = ? AND setrole = ? AND name = ?",
                    database, role, command.setting().get()));
        } else {
            String value = checked(command.setting().get(), command.value().get());
            cluster.apply(new Change("MERGE INTO shared.pg_db_role_setting VALUES (?, ?, ?, ?)",
                    database, role, command.setting().get(), value));
        }
    }

    private static void checkName(String name) {
        if (!TIMES.contains(name) && !name.equals(APPLICATION_NAME)) {
            Set<String> known = new TreeSet<>(TIMES);
            known.add(APPLICATION_NAME);
            throw new ErrorException(errcode("42501", "permission denied to set parameter \"" + name + "\"")
                    .errdetail("The settings of a session are the host's.")
                    .errhint("What can be stored is " + String.join(", ", known) + "."));
        }
    }

    private static String checked(String name, String value) {
        if (name.equals(APPLICATION_NAME)) {
            if (value.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES) {
                throw invalid(name, value, "It has at most " + NAME_BYTES + " bytes.");
            }
            return value;
        }
        Duration time = TimeText.parse(value).orElseThrow(() -> invalid(name, value, TimeText.UNITS));
        if (time.isNegative()) {
            throw invalid(name, value, "It is zero, which is off, or more.");
        } else if (!time.isZero() && value.strip().chars().allMatch(Character::isDigit)) {
            // PostgreSQL reads milliseconds, the host's file seconds.
            throw invalid(name, value, "Write the unit, as in \"" + value.strip() + "ms\".");
        }
        return value.strip();
    }

    private static ErrorException invalid(String name, String value, String hint) {
        return new ErrorException(
                errcode("22023", "invalid value for parameter \"" + name + "\": \"" + value + "\"").errhint(hint));
    }
}
