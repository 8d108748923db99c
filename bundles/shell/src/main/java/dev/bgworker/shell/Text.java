package dev.bgworker.shell;

import dev.bgworker.api.process.ErrorData;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Values as a terminal shows them, times in the given zone. What a worker said can hold no control character here. */
record Text(ZoneId zone) {

    private static final String NOTHING = "-";

    /** One line; {@code -} when there is nothing to say. */
    String cell(Object value) {
        String plain = plain(value);
        // a list may have a million cells, and hardly one of them a line break
        return isOneLine(plain) ? orNothing(plain.strip()) : String.join(" ", lines(plain));
    }

    /** One or more lines. */
    List<String> lines(Object value) {
        String plain = plain(value);
        return isOneLine(plain) || plain.isBlank()
                ? List.of(orNothing(plain.strip()))
                : plain.strip().lines().map(line -> line.replace('\t', ' ').replaceAll("\\p{Cc}", "?")).toList();
    }

    private static boolean isOneLine(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static String orNothing(String text) { return text.isEmpty() ? NOTHING : text; }

    private String plain(Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof Instant time) {
            return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time.truncatedTo(ChronoUnit.MILLIS).atZone(zone));
        }
        if (value instanceof ErrorData error) {
            return ErrorText.verbose(error);
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue())
                    .collect(Collectors.joining("\n"));
        }
        if (value instanceof Collection<?> list) {
            return list.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
        return value.toString();
    }
}
