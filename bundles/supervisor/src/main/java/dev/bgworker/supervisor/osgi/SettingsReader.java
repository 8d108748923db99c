package dev.bgworker.supervisor.osgi;

import dev.bgworker.supervisor.core.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads settings key by key. What is wrong with one key is told with file, key and reason, and costs that key alone: it keeps
 * the value it had.
 */
final class SettingsReader {

    private static final Set<String> KNOWN = Set.of("max_worker_processes", "shared_preload_libraries",
            "dynamic_library_path",
            "max_worker_processes_per_library", "restart_after_crash", "bgw_launches_per_pass", "shutdown_timeout",
            "bgw_stop_timeout", "library_grace", "deadlock_timeout");
    private static final int MAX_SLOTS = 262_143;

    private final String source;
    private final Map<String, String> given;
    private final List<String> faults = new ArrayList<>();

    /** @param source the file, for messages */
    SettingsReader(String source, Map<String, String> given) {
        this.source = source;
        this.given = given;
    }

    /** One sentence per fault. */
    List<String> faults() { return faults; }

    Settings read(Settings before) {
        Map<String, String> ofLibraries = new HashMap<>();
        given.forEach((key, value) -> {
            if (key.indexOf('.') > 0) {
                ofLibraries.put(key, value);
            } else if (!KNOWN.contains(key)) {
                faults.add(source + ": unknown key \"" + key + "\"; the keys are " + KNOWN.stream().sorted().toList()
                        + ", and library.key for a library's own");
            }
        });
        Limits old = before.limits();
        Settings usual = Settings.DEFAULT;
        Limits limits = new Limits(value("max_worker_processes", SettingsReader::slots, usual.limits().maxWorkerProcesses(),
                old.maxWorkerProcesses()),
                value("max_worker_processes_per_library", SettingsReader::slots, usual.limits().maxPerLibrary(),
                        old.maxPerLibrary()),
                value("bgw_launches_per_pass", text -> whole(text, 1, MAX_SLOTS), usual.limits().launchesPerPass(),
                        old.launchesPerPass()),
                value("bgw_stop_timeout", Durations::parse, usual.limits().stopTimeout(), old.stopTimeout()),
                value("shutdown_timeout", Durations::parse, usual.limits().shutdownTimeout(), old.shutdownTimeout()),
                value("library_grace", Durations::parse, usual.limits().libraryGrace(), old.libraryGrace()),
                value("restart_after_crash", SettingsReader::bool, usual.limits().restartAfterCrash(),
                        old.restartAfterCrash()));
        Duration deadlock = value("deadlock_timeout", Durations::parse, usual.deadlockTimeout(), before.deadlockTimeout());
        List<String> preload = value("shared_preload_libraries", SettingsReader::list, usual.preload(), before.preload());
        List<Path> path = value("dynamic_library_path", text -> list(text).stream().map(Path::of).toList(),
                usual.libraryPath(),
                before.libraryPath());
        return new Settings(limits, deadlock, preload, path, Map.copyOf(ofLibraries));
    }

    private <T> T value(String key, Function<String, T> parse, T usual, T before) {
        String text = given.get(key);
        if (text == null) {
            return usual;
        }
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            faults.add(source + ": key \"" + key + "\": " + e.getMessage() + "; it stays "
                    + (before instanceof Duration time ? Durations.text(time) : before));
            return before;
        }
    }

    private static int slots(String text) { return whole(text, 0, MAX_SLOTS); }

    private static int whole(String text, int least, int most) {
        int number;
        try {
            number = Integer.parseInt(text.trim());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no whole number", e);
        }
        if (number < least || number > most) {
            throw new IllegalArgumentException(number + " is outside " + least + " to " + most);
        }
        return number;
    }

    private static boolean bool(String text) {
        return switch (text.trim().toLowerCase(Locale.ROOT)) {
            case "on", "true", "yes", "1" -> true;
            case "off", "false", "no", "0" -> false;
            default -> throw new IllegalArgumentException("\"" + text + "\" is neither on nor off");
        };
    }

    private static List<String> list(String text) {
        return Arrays.stream(text.split(",")).map(String::trim).filter(each -> !each.isEmpty()).toList();
    }
}
