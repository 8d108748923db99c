package dev.bgworker.api.control;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How values of one kind are written.
 *
 * @param parse raises IllegalArgumentException for what is no such value
 * @param hint what may be written
 */
record TextForm<T>(Function<String, T> parse, Function<T, String> print, String hint) {

    /** Any text, as it is. */
    static final TextForm<String> TEXT = new TextForm<>(text -> text, text -> text, "");

    /** A text without blanks around it. */
    static final TextForm<String> WORD = new TextForm<>(String::strip, text -> text, "");

    static final TextForm<Datum> DATUM = new TextForm<>(Datum::parse, Datum::toString, "");

    static final TextForm<Long> WHOLE = new TextForm<>(text -> Long.valueOf(matching("-?\\d{1,18}", text)), String::valueOf,
            "It is a whole number.");

    static final TextForm<Integer> COUNT = new TextForm<>(text -> Integer.valueOf(matching("-?\\d{1,9}", text)),
            String::valueOf, "It is a whole number.");

    static final TextForm<Double> NUMBER = new TextForm<>(
            text -> Double.valueOf(matching("-?\\d{1,9}(\\.\\d{1,17})?", text)), TextForm::plain,
            "It is a number such as 2 or 0.5.");

    static final TextForm<Duration> TIME = new TextForm<>(
            text -> TimeText.parse(text).orElseThrow(IllegalArgumentException::new),
            TimeText::print, TimeText.UNITS);

    /** {@code bgw_restart_time}: a time, or the word for {@code BGW_NEVER_RESTART}. */
    static final TextForm<Duration> RESTART = new TextForm<>(
            text -> text.strip().equalsIgnoreCase("never") ? RestartPolicy.NEVER.delay() : TIME.parse.apply(text),
            time -> time.equals(RestartPolicy.NEVER.delay()) ? "never" : TimeText.print(time),
            TimeText.UNITS + " The word never means that it is not restarted.");

    static final TextForm<Boolean> BOOLEAN = new TextForm<>(TextForm::bool, on -> on ? "on" : "off",
            "Available values: on, off.");

    /** One constant, in any case. */
    static <E extends Enum<E>> TextForm<E> one(Class<E> type) {
        return new TextForm<>(text -> Enum.valueOf(type, text.strip().toUpperCase(Locale.ROOT)), TextForm::lower,
                available(type));
    }

    /** Constants, with commas; none of them is written as nothing. */
    static <E extends Enum<E>> TextForm<Set<E>> several(Class<E> type) {
        TextForm<E> each = one(type);
        return new TextForm<>(
                text -> Arrays.stream(text.split(",")).filter(word -> !word.isBlank()).map(each.parse)
                        .collect(Collectors.toUnmodifiableSet()),
                set -> list(set.stream().sorted().toList()), each.hint + " Several are separated by commas.");
    }

    private static String matching(String pattern, String text) {
        String number = text.strip();
        if (!Pattern.matches(pattern, number)) {
            throw new IllegalArgumentException(number);
        }
        return number;
    }

    private static String plain(double number) {
        return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    }

    private static boolean bool(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "on", "true", "yes", "1" -> true;
            case "off", "false", "no", "0" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static String available(Class<? extends Enum<?>> type) {
        return "Available values: " + Arrays.stream(type.getEnumConstants()).map(TextForm::lower)
                .collect(Collectors.joining(", ")) + ".";
    }

    private static String list(Collection<? extends Enum<?>> constants) {
        return constants.stream().map(TextForm::lower).collect(Collectors.joining(","));
    }

    private static String lower(Enum<?> constant) { return constant.name().toLowerCase(Locale.ROOT); }
}
