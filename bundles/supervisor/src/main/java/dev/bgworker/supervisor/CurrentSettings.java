package dev.bgworker.supervisor;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.control.TimeText;
import dev.bgworker.api.host.HostSettings;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The settings as providers see them. Thread-safe; whoever reads the file writes them. */
final class CurrentSettings implements HostSettings {

    private static final Map<String, String> USUAL = Map.of("statement_timeout", "0ms", "lock_timeout", "0ms",
            "transaction_timeout", "0ms", "idle_in_transaction_session_timeout", "0ms", "track_activities", "on",
            "durability", "durable", "recovery_check", "full", "retention_time", "10s", "deadlock_timeout", "1s");

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Map<String, String> now = Map.copyOf(USUAL);

    /** What was read, checked; what it leaves out has its default. */
    void set(Map<String, String> given) {
        Map<String, String> next = new TreeMap<>(USUAL);
        next.putAll(given);
        if (!next.equals(now)) {
            now = Map.copyOf(next);
            listeners.forEach(Runnable::run);
        }
    }

    @Override
    public Map<String, String> all() { return now; }

    @Override
    public String get(String name) {
        String value = now.get(name);
        if (value == null) {
            throw new ErrorException(errcode("42704", "unrecognized configuration parameter \"" + name + "\""));
        }
        return value;
    }

    @Override
    public Duration time(String name) { return TimeText.parse(get(name)).orElseThrow(); }

    @Override
    public Held listen(Runnable changed) {
        listeners.add(changed);
        return () -> listeners.remove(changed);
    }
}
