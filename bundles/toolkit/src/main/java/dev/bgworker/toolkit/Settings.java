package dev.bgworker.toolkit;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.control.TimeText;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings of the worker's library, typed, as they were when they were last loaded ({@code ProcessConfigFile}); names are
 * full ones. What is not set has its boot value. A value that is refused is a WARNING, once, and the value in force stays. The
 * worker's own thread only.
 */
public final class Settings {

    private final Supplier<Map<String, String>> source;
    private final Logger log;
    // Both written by the worker's thread alone.
    private Map<String, String> texts;
    private final Map<String, Object> inForce = new HashMap<>();
    private final Map<String, String> refused = new HashMap<>();
    private final Set<String> asked = new TreeSet<>();
    private final Set<String> warnedOf = new TreeSet<>();

    Settings(Supplier<Map<String, String>> source, Logger log) {
        this.source = source;
        this.log = log;
        this.texts = source.get();
    }

    /** As they are now; for whoever writes his own loop and calls {@link #reload()} when HUP came. */
    public static Settings of(WorkerContext worker) {
        return new Settings(worker::settings, LoggerFactory.getLogger(Settings.class));
    }

    /** Takes them as they are now. */
    public void reload() { texts = source.get(); }

    /** Takes them, and says once of each that nobody knows it. */
    void reload(Consumer<Settings> reader) {
        reload();
        reader.accept(this);
        warnOfUnrecognized();
    }

    /** A whole number and a unit as {@link TimeText} reads them: ms, s, min, h, d; a bare number is seconds. */
    public Duration duration(String name, Duration boot, Duration min, Duration max) {
        return get(name, boot, text -> SettingText.duration(name, text, min, max));
    }

    public int integer(String name, int boot, int min, int max) {
        return get(name, boot, text -> SettingText.integer(name, text, min, max));
    }

    /** on, off, true, false, yes, no, 1, 0, and what begins only one of them. */
    public boolean bool(String name, boolean boot) {
        return get(name, boot, text -> SettingText.bool(name, text));
    }

    public String string(String name, String boot) { return get(name, boot, Function.identity()); }

    /** The constants' names in whatever case. */
    public <E extends Enum<E>> E choice(String name, Class<E> values, E boot) {
        return get(name, boot, text -> SettingText.choice(name, text, values));
    }

    /** A region such as Europe/Berlin, or an offset. */
    public ZoneId zone(String name, ZoneId boot) {
        return get(name, boot, text -> SettingText.zone(name, text));
    }

    /** A cron expression, as {@link MainLoop#cron} reads it. */
    public String cron(String name, String boot) {
        return get(name, boot, text -> SettingText.cron(name, text));
    }

    /** Names that are other workers' of this library: no WARNING for them. */
    public void known(String... names) {
        asked.addAll(List.of(names));
    }

    private <T> T get(String name, T boot, Function<String, T> parse) {
        asked.add(name);
        String text = texts.get(name);
        T value = boot;
        if (text != null) {
            try {
                value = parse.apply(text);
            } catch (RefusedSetting e) {
                if (!text.equals(refused.put(name, text))) {
                    log.warn("{}", e.getMessage());
                }
                return inForce(name, boot);
            }
        }
        refused.remove(name);
        inForce.put(name, value);
        return value;
    }

    @SuppressWarnings("unchecked") // a name is asked for as one type, else the caller's cast fails, which names both
    private <T> T inForce(String name, T boot) { return (T) inForce.getOrDefault(name, boot); }

    private void warnOfUnrecognized() {
        Set<String> unknown = new TreeSet<>(texts.keySet());
        warnedOf.retainAll(unknown);
        unknown.removeAll(asked);
        for (String each : unknown) {
            if (warnedOf.add(each)) {
                log.warn(
                        "unrecognized configuration parameter \"{}\"\nHINT: Known are {}; known() takes those of other workers.",
                        each, asked.isEmpty() ? "none" : String.join(", ", asked));
            }
        }
    }
}
