package dev.bgworker.shell;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A time as PostgreSQL's settings have it: {@code 10s}, {@code 500ms}, {@code 2min}; a bare number is seconds. */
final class TimeSetting {

    private static final Pattern FORM = Pattern.compile("(\\d{1,9}) ?(ms|s|min|h|d|)");

    private TimeSetting() {}

    static Duration parse(String option, String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw CommandFailure.misuse("invalid value for option " + option + ": \"" + text + "\"",
                    "Valid units for this option are \"ms\", \"s\", \"min\", \"h\", and \"d\"; a bare number is seconds.");
        }
        long number = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "min" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> Duration.ofSeconds(number);
        };
    }
}
