package dev.bgworker.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Rows under headings, as aligned text or as JSON. Nothing is cut; the last column is the one that may be long. */
record Table(List<String> headings, List<List<Object>> rows) {

    String text(Text style) { return text(style::cell); }

    String text(Function<Object, String> cell) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(headings);
        rows.forEach(row -> lines.add(row.stream().map(cell).toList()));
        int[] widths = new int[headings.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(line.get(i)));
            }
        }
        return lines.stream().map(line -> line(line, widths)).collect(Collectors.joining("\n"));
    }

    /** An array with one object a line; keys are the headings in lower case, with {@code _}. */
    String json() {
        return rows.stream().map(this::object).map(Json::of).collect(Collectors.joining(",\n ", "[", "]"));
    }

    private Map<String, Object> object(List<Object> row) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < headings.size(); i++) {
            object.put(headings.get(i).toLowerCase(Locale.ROOT).replace('-', '_'), row.get(i));
        }
        return object;
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        int last = widths.length - 1;
        for (int i = 0; i < last; i++) {
            line.append(cells.get(i)).append(" ".repeat(widths[i] - width(cells.get(i)) + 2));
        }
        return line.append(cells.get(last)).toString();
    }

    private static int width(String cell) { return cell.codePointCount(0, cell.length()); }
}
