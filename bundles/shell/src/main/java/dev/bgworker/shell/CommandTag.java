package dev.bgworker.shell;

import dev.bgworker.api.spi.SpiResult.Code;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What psql prints of a statement that was executed: {@code INSERT 0 3}, {@code CREATE TABLE}. Pure. */
final class CommandTag {

    private static final Set<String> OF_OBJECTS = Set.of("CREATE", "ALTER", "DROP", "TRUNCATE");
    private static final List<String> OBJECTS = List.of("TABLE", "VIEW", "INDEX", "SCHEMA", "SEQUENCE", "DOMAIN", "TRIGGER",
            "DATABASE", "ROLE", "USER");

    private CommandTag() {}

    static String of(String sql, Code code, long processed) {
        return switch (code) {
            case OK_SELECT -> "SELECT " + processed;
            case OK_INSERT, OK_INSERT_RETURNING -> "INSERT 0 " + processed;
            case OK_UPDATE, OK_UPDATE_RETURNING -> "UPDATE " + processed;
            case OK_DELETE, OK_DELETE_RETURNING -> "DELETE " + processed;
            case OK_MERGE, OK_MERGE_RETURNING -> "MERGE " + processed;
            default -> utility(sql);
        };
    }

    private static String utility(String sql) {
        List<String> words = Arrays.stream(sql.split("[^A-Za-z_]+")).filter(word -> !word.isEmpty())
                .map(word -> word.toUpperCase(Locale.ROOT)).toList();
        String verb = words.isEmpty() ? "" : words.get(0);
        return OF_OBJECTS.contains(verb)
                ? words.stream().filter(OBJECTS::contains).findFirst().map(what -> verb + " " + what).orElse(verb)
                : verb;
    }
}
