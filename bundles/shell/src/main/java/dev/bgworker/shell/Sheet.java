package dev.bgworker.shell;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Named fields of one thing, a line each, as text or as JSON; a longer value goes on below itself. */
record Sheet(Map<String, Object> fields) {

    String text(Text style) {
        int width = fields.keySet().stream().mapToInt(String::length).max().orElse(0) + 2;
        return fields.entrySet().stream().map(field -> {
            List<String> lines = style.lines(field.getValue());
            return field.getKey() + " ".repeat(width - field.getKey().length())
                    + String.join("\n" + " ".repeat(width), lines);
        }).collect(Collectors.joining("\n"));
    }

    String json() { return Json.of(fields); }
}
