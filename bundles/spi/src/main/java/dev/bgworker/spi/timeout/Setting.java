package dev.bgworker.spi.timeout;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.control.TimeText;
import dev.bgworker.api.process.ErrorException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A setting that SQL may change for its session: {@code PGC_USERSET}. */
public enum Setting {
    STATEMENT_TIMEOUT, LOCK_TIMEOUT, TRANSACTION_TIMEOUT, IDLE_IN_TRANSACTION_SESSION_TIMEOUT, APPLICATION_NAME;

    private static final List<Map.Entry<String, Long>> UNITS = List.of(Map.entry("d", 86_400_000L),
            Map.entry("h", 3_600_000L), Map.entry("min", 60_000L), Map.entry("s", 1000L), Map.entry("ms", 1L));

    /** Empty for one that is not to be changed by SQL. */
    public static Optional<Setting> of(String name) {
        for (Setting each : values()) {
            if (each.name().equalsIgnoreCase(name)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /** As SQL writes it. */
    public String sqlName() { return name().toLowerCase(Locale.ROOT); }

    public boolean isTime() { return this != APPLICATION_NAME; }

    /** The value as it is shown; a bare number of a timeout is milliseconds, as in PostgreSQL. 22023 for what is none. */
    public String checked(String text) {
        return isTime() ? print(time(text)) : text;
    }

    /** Of a timeout; 22023 for what is none. */
    public Duration time(String text) {
        String given = text.strip();
        String withUnit = !given.isEmpty() && given.chars().allMatch(Character::isDigit) ? given + "ms" : given;
        return TimeText.parse(withUnit).filter(time -> !time.isNegative() && time.toMillis() <= Integer.MAX_VALUE)
                .orElseThrow(() -> new ErrorException(
                        errcode("22023", "invalid value for parameter \"" + sqlName() + "\": \"" + text + "\"")
                                .errhint("Valid units for this parameter are \"ms\", \"s\", \"min\", \"h\", and \"d\";"
                                        + " a bare number is milliseconds, at most " + Integer.MAX_VALUE + ".")));
    }

    /** In the greatest unit that loses nothing. */
    public static String print(Duration time) {
        long millis = time.toMillis();
        if (millis == 0) {
            return "0";
        }
        for (Map.Entry<String, Long> unit : UNITS) {
            if (millis % unit.getValue() == 0) {
                return millis / unit.getValue() + unit.getKey();
            }
        }
        throw new IllegalStateException("every number of milliseconds is one of milliseconds: " + millis);
    }
}
