package dev.bgworker.spi.sql;

import dev.bgworker.api.spi.SpiResult.Code;
import dev.bgworker.spi.sql.Command.Effect;
import dev.bgworker.spi.sql.SqlTokens.Token;
import dev.bgworker.spi.sql.SqlTokens.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * {@code LOCK TABLE}, which the engine has not: a DELETE of no rows takes the shared lock that keeps a relation from being
 * altered, truncated or dropped until the transaction ends, one statement for each relation. One use, one thread.
 */
final class LockTable {

    private static final Set<String> KEEPING = Set.of("ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE");
    private static final Set<String> EXCLUSIVE = Set.of("SHARE UPDATE EXCLUSIVE", "SHARE", "SHARE ROW EXCLUSIVE",
            "EXCLUSIVE", "ACCESS EXCLUSIVE");

    private final String sql;
    private final List<Token> tokens;
    // The token to look at; this object's one pass alone moves it.
    private int at = 1;

    LockTable(String sql, List<Token> tokens) {
        this.sql = sql;
        this.tokens = tokens;
    }

    static boolean is(List<Token> tokens) { return tokens.get(0).is("LOCK"); }

    /** Empty when it is written wrongly. */
    List<Command> commands() {
        accept("TABLE");
        List<String> names = new ArrayList<>();
        do {
            String name = name();
            if (name.isEmpty()) {
                return List.of();
            }
            names.add(name);
        } while (accept(","));
        String mode = mode();
        boolean nowait = accept("NOWAIT");
        if (at < tokens.size() || !KEEPING.contains(mode) && !EXCLUSIVE.contains(mode)) {
            return List.of();
        }
        return names.stream().map(name -> command(name, mode, nowait)).toList();
    }

    private Command command(String name, String mode, boolean nowait) {
        boolean keeping = KEEPING.contains(mode);
        return new Command("DELETE FROM " + name + " WHERE FALSE",
                keeping ? "LOCK TABLE" : "LOCK TABLE IN " + mode + " MODE",
                keeping ? Effect.LOCK_TABLE : Effect.EXCLUSIVE_LOCK_TABLE, Code.OK_UTILITY, 0, false, false, nowait);
    }

    private String name() {
        accept("ONLY");
        int begin = at;
        while (at < tokens.size() && (tokens.get(at).type() == Type.WORD || tokens.get(at).quoted())) {
            at++;
            if (!accept(".")) {
                String name = sql.substring(tokens.get(begin).begin(), tokens.get(at - 1).end());
                accept("*");
                return name;
            }
        }
        return "";
    }

    private String mode() {
        if (!accept("IN")) {
            return "ACCESS EXCLUSIVE";
        }
        StringBuilder mode = new StringBuilder();
        while (at < tokens.size() && !tokens.get(at).is("MODE")) {
            mode.append(mode.isEmpty() ? "" : " ").append(tokens.get(at).text());
            at++;
        }
        return accept("MODE") ? mode.toString() : "";
    }

    private boolean accept(String what) {
        boolean found = at < tokens.size() && tokens.get(at).is(what);
        if (found) {
            at++;
        }
        return found;
    }
}
