package dev.bgworker.spi.sql;

import dev.bgworker.api.spi.SpiResult.Code;
import dev.bgworker.spi.sql.Command.Effect;
import dev.bgworker.spi.sql.SqlTokens.Token;
import dev.bgworker.spi.sql.SqlTokens.Type;
import java.util.List;
import java.util.Set;

/**
 * Tells from the tokens of one statement what it is. It must never take a write for a read; the other way round only costs
 * a refusal. A statement that it does not know goes to the engine as a write.
 */
public final class Classifier {

    private static final Set<String> QUERIES = Set.of("SELECT", "VALUES", "TABLE", "FROM");
    private static final Set<String> DML = Set.of("INSERT", "UPDATE", "DELETE", "MERGE");
    private static final Set<String> DELTA = Set.of("FINAL", "OLD", "NEW");
    private static final Set<String> DDL = Set.of("CREATE", "ALTER", "DROP", "TRUNCATE", "COMMENT", "GRANT", "REVOKE",
            "ANALYZE", "REFRESH", "DECLARE");
    private static final Set<String> TRANSACTION = Set.of("BEGIN", "START", "COMMIT", "END", "ABORT", "ROLLBACK",
            "SAVEPOINT", "RELEASE");
    private static final Set<String> HIDING = Set.of("EXECUTE", "EXEC", "PREPARE", "DEALLOCATE");
    private static final Set<String> CLUSTER = Set.of("CREATE", "ALTER", "DROP", "REINDEX");
    private static final Set<String> NAMING_KIND = Set.of("CREATE", "ALTER", "DROP", "TRUNCATE");
    private static final Set<String> KINDS = Set.of("TABLE", "INDEX", "SCHEMA", "VIEW", "SEQUENCE", "DOMAIN", "CONSTANT",
            "TRIGGER", "DATABASE", "USER", "ROLE", "ALIAS", "AGGREGATE", "TYPE", "FUNCTION", "SYNONYM");

    private final List<Token> tokens;

    public Classifier(List<Token> tokens) { this.tokens = tokens; }

    public Command command(String sql, int parameters, boolean numbered) {
        int main = mainVerb();
        String verb = word(main);
        String admin = AdminFunctions.in(tokens);
        if (!admin.isEmpty()) {
            return new Command(sql, "function " + admin, Effect.ADMIN, code(verb, main), parameters, numbered, sequence(),
                    false);
        }
        Effect effect = effect(verb, main);
        return new Command(sql, effect == Effect.LOCK ? "SELECT FOR UPDATE" : tag(verb, main), effect, code(verb, main),
                parameters, numbered, sequence(), effect == Effect.LOCK && nowait());
    }

    private Effect effect(String verb, int main) {
        if (tokens.stream().anyMatch(token -> token.is("{"))) {
            return Effect.ESCAPE;
        } else if (TRANSACTION.contains(verb) || verb.equals("PREPARE") && next(main, "COMMIT", "TRANSACTION")) {
            return Effect.TRANSACTION;
        } else if (HIDING.contains(verb)) {
            return Effect.HIDDEN;
        } else if (cluster(verb, main)) {
            return Effect.CLUSTER;
        } else if (verb.equals("SET") || verb.equals("USE") || verb.equals("RESET")
                || verb.equals("ALTER") && next(main, "SESSION", "SYSTEM")) {
            return Effect.SETTING;
        } else if (verb.equals("LISTEN")) {
            return Effect.LISTEN;
        } else if (verb.equals("NOTIFY") || verb.equals("UNLISTEN")) {
            return Effect.NOTIFY;
        } else if (verb.equals("COPY") && (has("STDIN") || has("STDOUT"))) {
            return Effect.COPY;
        } else if (DDL.contains(verb)) {
            return OwnSchema.changedBy(tokens.subList(main, tokens.size())) ? Effect.OWN_SCHEMA : Effect.DDL;
        } else if (verb.equals("SHOW") || verb.equals("EXPLAIN") && !has("ANALYZE")) {
            return Effect.READ;
        } else if (!QUERIES.contains(verb) || delta(0, false) >= 0) {
            return Effect.WRITE;
        } else {
            return locking() >= 0 ? Effect.LOCK : otherDelta() ? Effect.WRITE : Effect.READ;
        }
    }

    private boolean cluster(String verb, int main) {
        if (verb.equals("GRANT") || verb.equals("REVOKE")) {
            return has("ON", "DATABASE");
        }
        return CLUSTER.contains(verb) && next(main, "DATABASE", "ROLE", "USER");
    }

    private Code code(String verb, int main) {
        if (QUERIES.contains(verb)) {
            int delta = delta(main, true);
            return delta < 0 ? Code.OK_SELECT : Code.valueOf("OK_" + word(delta) + "_RETURNING");
        }
        return DML.contains(verb) ? Code.valueOf("OK_" + verb) : Code.OK_UTILITY;
    }

    private String tag(String verb, int main) {
        if (NAMING_KIND.contains(verb)) {
            for (int i = main + 1; i < tokens.size(); i++) {
                if (KINDS.contains(word(i))) {
                    return verb + " " + word(i);
                }
            }
        }
        return verb.equals("FROM") ? "SELECT" : verb;
    }

    /** The first word, or behind WITH the first verb that is in no parentheses. */
    private int mainVerb() {
        int first = 0;
        while (first < tokens.size() - 1 && tokens.get(first).is("(")) {
            first++;
        }
        if (!word(first).equals("WITH")) {
            return first;
        }
        int depth = 0;
        for (int i = first; i < tokens.size(); i++) {
            depth += depth(i);
            if (depth == 0 && (DML.contains(word(i)) || QUERIES.contains(word(i)) && !word(i).equals("FROM"))) {
                return i;
            }
        }
        return first;
    }

    /**
     * Where the verb of a data change delta table stands, -1 for none.
     *
     * @param own only of the query itself, not of one inside it: an inner one is the counterpart of a data-modifying WITH
     */
    private int delta(int from, boolean own) {
        int depth = 0;
        for (int i = from; i < tokens.size() - 3; i++) {
            depth += depth(i);
            if (DELTA.contains(word(i)) && word(i + 1).equals("TABLE") && tokens.get(i + 2).is("(")
                    && (!own || depth <= 0) && DML.contains(word(i + 3))) {
                return i + 3;
            }
        }
        return -1;
    }

    /** Where the locking clause stands, -1 for none. */
    private int locking() {
        for (int i = 0; i < tokens.size() - 1; i++) {
            if (word(i).equals("FOR") && next(i, "UPDATE", "SHARE", "NO", "KEY")) {
                return i;
            }
        }
        return -1;
    }

    private boolean nowait() {
        for (int i = locking(); i < tokens.size(); i++) {
            if (word(i).equals("NOWAIT") || word(i).equals("WAIT") || word(i).equals("SKIP")) {
                return true;
            }
        }
        return false;
    }

    /** A delta table of a verb that is not known here. */
    private boolean otherDelta() {
        for (int i = 0; i < tokens.size() - 2; i++) {
            if (DELTA.contains(word(i)) && word(i + 1).equals("TABLE") && tokens.get(i + 2).is("(")) {
                return true;
            }
        }
        return false;
    }

    private boolean sequence() {
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i).text().equals("NEXTVAL") || escapedName(i) || word(i).equals("NEXT") && next(i, "VALUE")) {
                return true;
            }
        }
        return false;
    }

    /** {@code U&"..."}, which can spell any function. */
    private boolean escapedName(int i) {
        return word(i).equals("U") && i + 2 < tokens.size() && tokens.get(i + 1).is("&") && tokens.get(i + 2).quoted();
    }

    private int depth(int i) { return tokens.get(i).is("(") ? 1 : tokens.get(i).is(")") ? -1 : 0; }

    private boolean next(int i, String... words) { return i + 1 < tokens.size() && List.of(words).contains(word(i + 1)); }

    private boolean has(String word) {
        for (int i = 0; i < tokens.size(); i++) {
            if (word(i).equals(word)) {
                return true;
            }
        }
        return false;
    }

    private boolean has(String word, String after) {
        for (int i = 0; i < tokens.size(); i++) {
            if (word(i).equals(word) && next(i, after)) {
                return true;
            }
        }
        return false;
    }

    private String word(int i) { return tokens.get(i).type() == Type.WORD ? tokens.get(i).text() : ""; }
}
