package dev.bgworker.spi.sql;

import dev.bgworker.api.spi.SpiResult.Code;
import dev.bgworker.spi.sql.SqlTokens.Token;
import dev.bgworker.spi.sql.SqlTokens.Type;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * Common table expressions put before a statement. The engine takes them before a query alone, so a statement that changes
 * rows becomes the count of its data change delta table. One use, one thread.
 */
public final class WithClause {

    private final Command command;
    private final List<Token> tokens;
    private final StringJoiner added = new StringJoiner(", ");

    public WithClause(Command command) {
        this.command = command;
        this.tokens = SqlTokens.of(command.sql());
    }

    /** A query that can be prepared when a table or view of that name is found. */
    public static Command probe(String name) {
        return Script.parse("SELECT 1 FROM " + quoted(name)).commands().get(0);
    }

    /** Whether it can have one and names it somewhere; too often true does no harm. */
    public boolean mentions(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return (isQuery() || delta() != null)
                && tokens.stream()
                        .anyMatch(token -> (token.type() == Type.WORD || token.quoted()) && token.text().equals(upper));
    }

    /** How the query of an expression writes a parameter of its own, counted from 0. */
    public String parameter(int number) {
        return command.numbered() ? "$" + (command.parameters() + number + 1) : "?";
    }

    public void add(String name, List<String> columns, String query) {
        added.add(quoted(name) + columns.stream().map(WithClause::quoted).collect(Collectors.joining(", ", "(", ")"))
                + " AS (" + query + ")");
    }

    /** The statement with what was added, which has so many parameters. */
    public Command command(int parameters) {
        if (added.length() == 0) {
            return command;
        }
        int values = command.parameters() + parameters;
        if (!isQuery()) {
            return command.rewritten("WITH " + added + " SELECT COUNT(*) FROM " + delta() + " TABLE (" + command.sql() + ")",
                    values);
        } else if (tokens.get(0).is("WITH")) {
            boolean recursive = tokens.get(1).is("RECURSIVE");
            String rest = command.sql().substring(tokens.get(recursive ? 1 : 0).end());
            return command.rewritten((recursive ? "WITH RECURSIVE " : "WITH ") + added + "," + rest, values);
        }
        return command.rewritten("WITH " + added + " " + command.sql(), values);
    }

    /** Whether what it returns is the count of the rows that it changed. */
    public boolean counts() {
        return added.length() > 0 && !isQuery();
    }

    private boolean isQuery() { return query(command.code()); }

    private static boolean query(Code code) {
        return switch (code) {
            case OK_SELECT, OK_INSERT_RETURNING, OK_UPDATE_RETURNING, OK_DELETE_RETURNING, OK_MERGE_RETURNING -> true;
            default -> false;
        };
    }

    /** Which rows count what it changes; null when none do. */
    private String delta() {
        return switch (command.code()) {
            case OK_INSERT, OK_UPDATE -> "NEW";
            case OK_DELETE -> "OLD";
            case OK_MERGE -> tokens.stream().anyMatch(token -> token.is("DELETE")) ? null : "NEW";
            default -> null;
        };
    }

    private static String quoted(String name) { return "\"" + name.replace("\"", "\"\"") + "\""; }
}
