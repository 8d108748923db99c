package dev.bgworker.supervisor.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * How the text of a setting is read, and written again. A value.
 *
 * @param parse raises IllegalArgumentException with the reason
 */
record Form<T>(Function<String, T> parse, Function<T, String> print) {

    /** A whole number and a unit; without one it is seconds. */
    static final Form<Duration> TIME = new Form<>(Durations::parse, Durations::text);
    /** PostgreSQL's own, which without a unit are milliseconds and go as far as an int of them. */
    static final Form<Duration> TIMEOUT = new Form<>(Form::timeout, Durations::text);
    static final Form<Boolean> SWITCH = new Form<>(Form::bool, on -> on ? "on" : "off");
    static final Form<List<String>> LIST = new Form<>(Form::list, all -> String.join(",", all));
    static final Form<List<Path>> PATHS = new Form<>(text -> list(text).stream().map(Path::of).toList(),
            all -> String.join(",", all.stream().map(Path::toString).toList()));

    static Form<Integer> whole(int least, int most) { return new Form<>(text -> whole(text, least, most), String::valueOf); }

    static Form<String> oneOf(String... words) {
        return new Form<>(text -> {
            String word = text.trim().toLowerCase(Locale.ROOT);
            if (!List.of(words).contains(word)) {
                throw new IllegalArgumentException("\"" + text + "\" is none of " + String.join(", ", words));
            }
            return word;
        }, Function.identity());
    }

    private static Duration timeout(String text) {
        Duration time = Durations.parse(text, "ms");
        if (time.toMillis() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(text.trim() + " is outside 0 to " + Integer.MAX_VALUE + "ms");
        }
        return time;
    }

    private static int whole(String text, int least, int most) {
        int number;
        try {
            number = Integer.parseInt(text.trim());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no whole number", e);
        }
        if (number < least || number > most) {
            throw new IllegalArgumentException(number + " is outside " + least + " to " + most);
        }
        return number;
    }

    private static boolean bool(String text) {
        return switch (text.trim().toLowerCase(Locale.ROOT)) {
            case "on", "true", "yes", "1" -> true;
            case "off", "false", "no", "0" -> false;
            default -> throw new IllegalArgumentException("\"" + text + "\" is neither on nor off");
        };
    }

    private static List<String> list(String text) {
        return Arrays.stream(text.split(",")).map(String::trim).filter(each -> !each.isEmpty()).toList();
    }
}
