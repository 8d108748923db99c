package dev.bgworker.spi.sql;

import dev.bgworker.spi.sql.SqlTokens.Token;
import dev.bgworker.spi.sql.SqlTokens.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The engine's plan of a query as text, in which names are in quotes and the tables are qualified. It must never let pass what
 * does more than read tables; the other way round only costs time, so all that may occur is listed. One use, one thread.
 */
public final class QueryPlan {

    /** A table as the catalogue writes it. */
    public record Table(String schema, String name) {}

    private static final Set<String> WORDS = Set.of("SELECT", "DISTINCT", "FROM", "INNER", "LEFT", "OUTER", "JOIN", "ON",
            "WHERE", "AND", "OR", "NOT", "IN", "IS", "NULL", "TRUE", "FALSE", "UNKNOWN", "BETWEEN", "LIKE", "EXISTS", "CASE",
            "WHEN", "THEN", "ELSE", "END", "GROUP", "BY", "HAVING", "ORDER", "ASC", "DESC", "NULLS", "FIRST", "LAST",
            "OFFSET",
            "FETCH", "NEXT", "ROW", "ROWS", "ONLY", "AS", "COUNT", "SUM", "MIN", "MAX", "AVG", "COALESCE");
    private static final Set<String> BEFORE_A_TABLE = Set.of("FROM", "JOIN");
    private static final Set<String> BEHIND_TABLES = Set.of("WHERE", "GROUP", "HAVING", "ORDER", "OFFSET", "FETCH");
    private static final String SYMBOLS = "(),.=<>!+-*/%|";

    private final String plan;
    private final List<Token> tokens;
    private final List<Table> tables = new ArrayList<>();

    private QueryPlan(String plan) {
        this.plan = plan;
        this.tokens = SqlTokens.of(plan);
    }

    /** Whether a part of that text could be taken for a comment in its plan. */
    public static boolean confusing(String sql) {
        return sql.contains("/*") || sql.contains("*/") || sql.contains("--") || sql.contains("//");
    }

    /** The tables that it reads; none when it does, or might do, anything else. */
    public static List<Table> tablesOf(String plan) {
        QueryPlan pass = new QueryPlan(plan);
        return pass.commentsAreClear() && pass.readsTables() ? List.copyOf(pass.tables) : List.of();
    }

    /** Whether the comments stand beside each other: a name or a literal inside one is not written so as to stay there. */
    private boolean commentsAreClear() {
        boolean inside = false;
        for (int at = 0; at < plan.length() - 1; at++) {
            boolean begins = plan.startsWith("/*", at);
            if (begins || plan.startsWith("*/", at)) {
                if (begins == inside) {
                    return false;
                }
                inside = begins;
                at++;
            }
        }
        return !inside;
    }

    private boolean readsTables() {
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            boolean passes = switch (token.type()) {
                case WORD -> WORDS.contains(token.text()) && (!BEFORE_A_TABLE.contains(token.text()) || table(i + 1));
                case SYMBOL -> SYMBOLS.contains(token.text());
                case PARAMETER -> true;
                case OTHER -> !token.quoted() || name(i);
                case UNTERMINATED -> false;
            };
            if (!passes) {
                return false;
            }
        }
        return !tokens.isEmpty() && tokens.get(0).is("SELECT");
    }

    /** Neither a function nor a part of a name that has a quote in it. */
    private boolean name(int i) {
        return plan.charAt(tokens.get(i).begin()) == '"' && !is(i + 1, "(")
                && (i + 1 == tokens.size() || tokens.get(i + 1).begin() > tokens.get(i).end()
                        || !tokens.get(i + 1).quoted());
    }

    /** Notes the table there, which has an alias at most before the next one is joined to it. */
    private boolean table(int i) {
        if (i + 2 >= tokens.size() || !tokens.get(i).quoted() || !is(i + 1, ".") || !tokens.get(i + 2).quoted()) {
            return false;
        }
        tables.add(new Table(unquoted(i), unquoted(i + 2)));
        return !commaBeforeTheirEnd(i + 3);
    }

    /** Between tables there is JOIN alone. */
    private boolean commaBeforeTheirEnd(int from) {
        int depth = 0;
        for (int i = from; i < tokens.size() && depth >= 0; i++) {
            if (is(i, ",") && depth == 0) {
                return true;
            } else if (depth == 0 && tokens.get(i).type() == Type.WORD && BEHIND_TABLES.contains(tokens.get(i).text())) {
                return false;
            }
            depth += is(i, "(") ? 1 : is(i, ")") ? -1 : 0;
        }
        return false;
    }

    private boolean is(int i, String symbol) { return i < tokens.size() && tokens.get(i).is(symbol); }

    private String unquoted(int i) { return plan.substring(tokens.get(i).begin() + 1, tokens.get(i).end() - 1); }
}
