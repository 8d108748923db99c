package dev.bgworker.supervisor.settings;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads settings key by key. What is wrong with one key is told with file, key and reason, and costs that key alone: it keeps
 * the value it had.
 */
public final class SettingsReader {

    private static final Set<String> KNOWN = Setting.ALL.stream().map(Setting::name).collect(Collectors.toSet());

    private final String source;
    private final Map<String, String> given;
    private final List<String> faults = new ArrayList<>();

    /** @param source the file, for messages */
    public SettingsReader(String source, Map<String, String> given) {
        this.source = source;
        this.given = given;
    }

    /** One sentence per fault. */
    public List<String> faults() { return faults; }

    public Settings read(Settings before) {
        Map<String, String> ofLibraries = new HashMap<>();
        given.forEach((key, value) -> {
            if (key.indexOf('.') > 0) {
                ofLibraries.put(key, value);
            } else if (!KNOWN.contains(key)) {
                faults.add(source + ": unknown key \"" + key + "\"; the keys are " + KNOWN.stream().sorted().toList()
                        + ", and library.key for a library's own");
            }
        });
        return new Settings(Setting.ALL.stream().collect(Collectors.toMap(Setting::name, setting -> text(setting, before))),
                ofLibraries);
    }

    private String text(Setting<?> setting, Settings before) {
        try {
            return setting.shown(given.getOrDefault(setting.name(), setting.usual()));
        } catch (IllegalArgumentException e) {
            String stays = before.texts().get(setting.name());
            faults.add(source + ": key \"" + setting.name() + "\": " + e.getMessage() + "; it stays " + stays);
            return stays;
        }
    }
}
