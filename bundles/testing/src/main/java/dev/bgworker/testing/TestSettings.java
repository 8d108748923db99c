package dev.bgworker.testing;

import dev.bgworker.supervisor.settings.Settings;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** What etc/bgw.cfg says: keys with a dot are a library's, the others the host's. Thread-safe. */
final class TestSettings {

    private final Map<String, String> all = new ConcurrentHashMap<>();

    /** Added to what was said before; none of them when the host refuses one. */
    void add(Map<String, String> more) {
        Map<String, String> next = new HashMap<>(all);
        next.putAll(more);
        host(next);
        all.putAll(more);
    }

    Map<String, String> of(String library) { return filtered(library + "."); }

    Settings host() { return host(all); }

    private static Settings host(Map<String, String> of) {
        Map<String, String> own = new HashMap<>(of);
        own.keySet().removeIf(each -> each.contains("."));
        return Settings.DEFAULT.with(own);
    }

    private Map<String, String> filtered(String prefix) {
        return all.entrySet().stream().filter(each -> each.getKey().startsWith(prefix))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
