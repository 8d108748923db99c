package dev.bgworker.spi;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.spi.engine.Tuples;
import dev.bgworker.spi.sql.Command;
import dev.bgworker.spi.sql.SettingCommand;
import dev.bgworker.spi.timeout.SessionSettings;
import dev.bgworker.spi.timeout.Setting;
import java.sql.Types;
import java.util.List;
import java.util.Optional;

/** SET, RESET and SHOW of the settings that spi obeys itself; the engine sees none of them. Owner thread only. */
final class SettingCommands {

    private final SpiSession session;
    private final SessionSettings settings;

    SettingCommands(SpiSession session, SessionSettings settings) {
        this.session = session;
        this.settings = settings;
    }

    /** Null when it is not one of these. */
    Tuples run(Command command) {
        SettingCommand what = SettingCommand.parse(command.sql());
        Optional<Setting> setting = what == null ? Optional.empty() : Setting.of(what.name());
        if (setting.isEmpty()) {
            return null;
        } else if (what.action() == SettingCommand.Action.SHOW) {
            return shown(setting.get());
        }
        try {
            settings.set(setting.get(), what.local(), what.value());
        } catch (ErrorException e) {
            throw session.raise(e.data());
        }
        return Tuples.count(0);
    }

    private Tuples shown(Setting setting) {
        Tuples.Column column = new Tuples.Column(setting.sqlName(), Types.CLOB, "CHARACTER LARGE OBJECT");
        return new Tuples(1, new Tuples.Column[]{column}, List.<Object[]>of(new Object[]{settings.show(setting)}));
    }
}
