package dev.bgworker.supervisor.settings;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as PostgreSQL's settings write them: a whole number and ms, s, min, h or d. */
final class Durations {

    private static final Pattern FORM = Pattern.compile("(\\d{1,9})\\s*(ms|s|min|h|d)?");
    private static final Map<String, Duration> UNITS = Map.of("ms", Duration.ofMillis(1), "s", Duration.ofSeconds(1), "min",
            Duration.ofMinutes(1), "h", Duration.ofHours(1), "d",
            Duration.ofDays(1));

    private Durations() {}

    /** In the largest unit that fits. */
    static String text(Duration time) {
        return time.toMillis() % 1000 != 0 ? time.toMillis() + "ms" : time.toSeconds() + "s";
    }

    static Duration parse(String text) { return parse(text, "s"); }

    /** @param bare the unit of a number without one */
    static Duration parse(String text, String bare) {
        Matcher form = FORM.matcher(text.trim());
        if (!form.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is no time; write a whole number and ms, s, min, h or d");
        }
        return UNITS.get(form.group(2) == null ? bare : form.group(2)).multipliedBy(Long.parseLong(form.group(1)));
    }
}
