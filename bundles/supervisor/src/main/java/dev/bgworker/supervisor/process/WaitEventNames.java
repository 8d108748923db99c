package dev.bgworker.supervisor.process;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** {@code WaitEventExtensionNew}: the names that authors gave their waits, few and short (R223). Thread-safe. */
final class WaitEventNames {

    private static final int MAX_BYTES = 63;
    private static final int MAX_NAMES = 127;

    private final Set<String> known = ConcurrentHashMap.newKeySet();

    void check(String name) {
        if (known.contains(name)) {
            return;
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > MAX_BYTES) {
            throw Errors.error("22023", "invalid wait event name \"" + name + "\" of " + bytes + " bytes",
                    "A wait event's name has 1 to " + MAX_BYTES + " bytes of UTF-8.");
        }
        synchronized (known) {
            if (known.size() >= MAX_NAMES && !known.contains(name)) {
                throw Errors.error("54000", "too many custom wait events",
                        "There can be " + MAX_NAMES + " names; use a fixed name for each place that waits.");
            }
            known.add(name);
        }
    }
}
