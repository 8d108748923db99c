package dev.bgworker.supervisor.osgi;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.DefinitionText;
import java.util.TreeMap;
import java.util.Map;

/** {@code bgw.worker-NAME.cfg} as a definition, in the words of {@link DefinitionText}; {@code bgw_name} defaults to NAME. */
final class WorkerFile {

    private static final String NAME = "bgw_name";

    private final String name;
    private final Map<String, String> keys;

    WorkerFile(String name, Map<String, String> keys) {
        this.name = name;
        this.keys = keys;
    }

    /** What can be said of it whether or not it is valid. */
    BackgroundWorker outline() {
        return BackgroundWorker.builder(keys.getOrDefault(NAME, name), keys.getOrDefault("bgw_library_name", ""),
                keys.getOrDefault("bgw_function_name", "")).build();
    }

    /** Raises 22023 with all that is wrong. */
    BackgroundWorker definition() {
        Map<String, String> texts = new TreeMap<>(keys);
        texts.putIfAbsent(NAME, name);
        return DefinitionText.parse(texts.entrySet());
    }
}
