package dev.bgworker.supervisor.settings;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.control.TimeText;
import dev.bgworker.api.host.HostSettings;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The settings as providers see them. Thread-safe; whoever reads the file writes them. */
public final class CurrentSettings implements HostSettings {

    private static final Logger LOG = LoggerFactory.getLogger("bgworkerd");

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Map<String, String> now = all(Settings.DEFAULT);

    /** What holds from now on. */
    public void set(Settings next) {
        Map<String, String> before = now;
        now = all(next);
        if (!now.equals(before)) {
            listeners.forEach(CurrentSettings::tell);
        }
    }

    private static void tell(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException e) { // a fault of one provider: the others are told all the same
            LOG.warn("a change of the settings was not taken over by {}", listener, e);
        }
    }

    private static Map<String, String> all(Settings settings) {
        Map<String, String> all = new TreeMap<>(settings.ofLibraries());
        all.putAll(settings.texts());
        return Collections.unmodifiableMap(all);
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
    public Duration time(String name) {
        String value = get(name);
        return TimeText.parse(value).orElseThrow(
                () -> new ErrorException(errcode("22023", "parameter \"" + name + "\" is no time: \"" + value + "\"")));
    }

    @Override
    public Held listen(Runnable changed) {
        listeners.add(changed);
        return () -> listeners.remove(changed);
    }
}
