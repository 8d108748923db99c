package dev.bgworker.toolkit;

import dev.bgworker.api.control.TimeText;
import dev.bgworker.api.process.ErrorException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** How the texts of settings are read, as {@code parse_and_validate_value} does. Pure. */
final class SettingText {

    private SettingText() {}

    static Duration duration(String name, String text, Duration min, Duration max) {
        Duration value = TimeText.parse(text).orElseThrow(() -> RefusedSetting.invalid(name, text, TimeText.UNITS));
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw RefusedSetting.outside(name, TimeText.print(value), TimeText.print(min), TimeText.print(max));
        }
        return value;
    }

    static int integer(String name, String text, int min, int max) {
        int value;
        try {
            value = Integer.parseInt(text.strip());
        } catch (NumberFormatException expected) { // its text is what the exception below tells
            throw RefusedSetting.invalid(name, text, "It is a whole number from " + min + " to " + max + ".");
        }
        if (value < min || value > max) {
            throw RefusedSetting.outside(name, value, min, max);
        }
        return value;
    }

    /** {@code parse_bool}: "o" alone begins both on and off. */
    static boolean bool(String name, String text) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        boolean on = begins(word, "on", "true", "yes", "1");
        boolean off = begins(word, "off", "false", "no", "0");
        if (on == off) {
            throw new RefusedSetting("parameter \"" + name + "\" requires a Boolean value\nDETAIL: It is \"" + text
                    + "\".\nHINT: Use on or off.");
        }
        return on;
    }

    private static boolean begins(String word, String... words) {
        return !word.isEmpty() && List.of(words).stream().anyMatch(each -> each.startsWith(word));
    }

    static ZoneId zone(String name, String text) {
        try {
            return ZoneId.of(text.strip());
        } catch (DateTimeException expected) { // its text is what the exception below tells
            throw RefusedSetting.invalid(name, text, "It is a time zone, such as Europe/Berlin, UTC or +05:30.");
        }
    }

    static String cron(String name, String text) {
        try {
            Schedule.of(text, ZoneOffset.UTC);
            return text;
        } catch (ErrorException e) {
            throw new RefusedSetting("invalid value for parameter \"" + name + "\": \"" + text + "\"\nDETAIL: "
                    + e.data().detail() + "\nHINT: " + e.data().hint());
        }
    }

    static <E extends Enum<E>> E choice(String name, String text, Class<E> values) {
        return Stream.of(values.getEnumConstants()).filter(each -> each.name().equalsIgnoreCase(text.strip())).findAny()
                .orElseThrow(() -> RefusedSetting.invalid(name, text, "Available values: " + String.join(", ",
                        Stream.of(values.getEnumConstants()).map(each -> each.name().toLowerCase(Locale.ROOT)).toList())
                        + "."));
    }
}
