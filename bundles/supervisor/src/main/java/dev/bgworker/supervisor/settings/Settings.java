package dev.bgworker.supervisor.settings;

import dev.bgworker.supervisor.core.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The host's settings, all of them. A value.
 *
 * @param texts each by its name, checked, as it is shown
 * @param ofLibraries settings of libraries, {@code library.key} under full names
 */
public record Settings(Map<String, String> texts, Map<String, String> ofLibraries) {

    public static final Settings DEFAULT = new Settings(
            Setting.ALL.stream().collect(Collectors.toMap(Setting::name, Setting::usual)), Map.of());

    public Settings {
        texts = Map.copyOf(texts);
        ofLibraries = Map.copyOf(ofLibraries);
    }

    /** These but for what is given; IllegalArgumentException with all that is wrong. */
    public Settings with(Map<String, String> given) {
        Map<String, String> all = new TreeMap<>(texts);
        all.putAll(ofLibraries);
        all.putAll(given);
        SettingsReader reader = new SettingsReader("settings", all);
        Settings next = reader.read(this);
        if (!reader.faults().isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", reader.faults()));
        }
        return next;
    }

    private <T> T value(Setting<T> setting) { return setting.form().parse().apply(texts.get(setting.name())); }

    /** What decisions depend on. */
    public Limits limits() {
        return new Limits(value(Setting.MAX_WORKER_PROCESSES), value(Setting.MAX_PER_LIBRARY),
                value(Setting.LAUNCHES_PER_PASS), value(Setting.STOP_TIMEOUT), value(Setting.SHUTDOWN_TIMEOUT),
                value(Setting.LIBRARY_GRACE), value(Setting.RESTART_AFTER_CRASH));
    }

    public Duration deadlockTimeout() { return value(Setting.DEADLOCK_TIMEOUT); }

    public boolean trackActivities() { return value(Setting.TRACK_ACTIVITIES); }

    /** {@code shared_preload_libraries}. */
    public List<String> preload() { return value(Setting.SHARED_PRELOAD_LIBRARIES); }

    /** {@code dynamic_library_path}; empty for the host's own folder. */
    public List<Path> libraryPath() {
        return value(Setting.DYNAMIC_LIBRARY_PATH);
    }

    /** Those of one library. */
    public Map<String, String> of(String library) {
        Map<String, String> mine = new TreeMap<>(ofLibraries);
        mine.keySet().removeIf(key -> !key.startsWith(library + "."));
        return Map.copyOf(mine);
    }
}
