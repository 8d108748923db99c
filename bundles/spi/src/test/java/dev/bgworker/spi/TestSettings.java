package dev.bgworker.spi;

import dev.bgworker.api.control.TimeText;
import dev.bgworker.api.host.HostSettings;
import dev.bgworker.api.process.Held;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Settings that a test changes. */
final class TestSettings implements HostSettings {

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, String> now = new ConcurrentHashMap<>(Map.of("statement_timeout", "0ms", "lock_timeout", "0ms",
            "transaction_timeout", "0ms", "idle_in_transaction_session_timeout", "0ms", "track_activities", "on",
            "durability", "durable", "recovery_check", "full", "retention_time", "10s", "deadlock_timeout", "1s"));

    void set(String name, String value) {
        now.put(name, value);
        listeners.forEach(Runnable::run);
    }

    @Override
    public Map<String, String> all() { return Map.copyOf(now); }

    @Override
    public String get(String name) { return now.get(name); }

    @Override
    public Duration time(String name) { return TimeText.parse(get(name)).orElseThrow(); }

    @Override
    public Held listen(Runnable changed) {
        listeners.add(changed);
        return () -> listeners.remove(changed);
    }
}
