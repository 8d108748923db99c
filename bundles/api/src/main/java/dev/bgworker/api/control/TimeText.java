package dev.bgworker.api.control;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time as PostgreSQL's settings write it: a whole number and a unit, as in {@code 10s} or {@code 5min}; a bare number is
 * seconds.
 */
public final class TimeText {

    /** For hints. */
    public static final String UNITS = "Valid units for this parameter are \"ms\", \"s\", \"min\", \"h\", and \"d\"; "
            + "a bare number is seconds.";

    /** Ten digits of days are still a number of milliseconds. */
    private static final Pattern FORM = Pattern.compile("(-?\\d{1,10}) ?(ms|s|min|h|d|)");
    private static final Map<String, Duration> UNIT = Map.of("ms", Duration.ofMillis(1), "s", Duration.ofSeconds(1), "",
            Duration.ofSeconds(1), "min", Duration.ofMinutes(1), "h", Duration.ofHours(1), "d", Duration.ofDays(1));

    private TimeText() {}

    /** Empty when it is none. A sign is taken: whether it makes sense is for the reader to say. */
    public static Optional<Duration> parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        return form.matches()
                ? Optional.of(UNIT.get(form.group(2)).multipliedBy(Long.parseLong(form.group(1))))
                : Optional.empty();
    }

    /** In seconds if they are whole. */
    public static String print(Duration time) {
        return time.getNano() == 0 ? time.getSeconds() + "s" : time.toMillis() + "ms";
    }
}
