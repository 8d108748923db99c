package dev.bgworker.spi.sql;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.spi.sql.SqlTokens.Token;
import dev.bgworker.spi.sql.SqlTokens.Type;
import java.util.ArrayList;
import java.util.List;

/**
 * The statements of one text, in order. A value; parsed once per text and session.
 *
 * @param parameters how many values it takes: those {@code ?} of all statements, or the highest {@code $n}
 * @param error why the text as a whole is refused; null when it is not
 */
public record Script(List<Command> commands, int parameters, ErrorData error) {

    private static final ErrorData MIXED = errcode("42601", "cannot mix parameters $1 and ? in one text");

    public static Script parse(String sql) {
        List<Token> tokens = SqlTokens.of(sql);
        ErrorData unterminated = SyntaxError.unterminated(sql, tokens);
        if (unterminated != null) {
            return new Script(List.of(), 0, unterminated);
        }
        List<Command> commands = new ArrayList<>();
        int begin = 0;
        for (int i = 0; i <= tokens.size(); i++) {
            if (i == tokens.size() || tokens.get(i).is(";")) {
                if (i > begin) {
                    commands.addAll(commands(sql, tokens.subList(begin, i)));
                }
                begin = i + 1;
            }
        }
        int plain = (int) tokens.stream().filter(token -> token.type() == Type.PARAMETER && token.text().isEmpty()).count();
        int highest = highest(tokens);
        return new Script(List.copyOf(commands), Math.max(plain, highest), plain > 0 && highest > 0 ? MIXED : null);
    }

    /** Whether it is one statement that a cursor can be opened over. */
    public boolean cursor() {
        return commands.size() == 1 && commands.get(0).returnsRows();
    }

    private static List<Command> commands(String sql, List<Token> tokens) {
        List<Command> locks = LockTable.is(tokens) ? new LockTable(sql, tokens).commands() : List.of();
        return locks.isEmpty() ? List.of(command(sql, tokens)) : locks;
    }

    private static Command command(String sql, List<Token> tokens) {
        int highest = highest(tokens);
        int plain = (int) tokens.stream().filter(token -> token.type() == Type.PARAMETER).count();
        return new Classifier(tokens).command(text(sql, tokens), highest > 0 ? highest : plain, highest > 0);
    }

    /** As it stands, but for literals of PostgreSQL's own. */
    private static String text(String sql, List<Token> tokens) {
        StringBuilder text = new StringBuilder();
        int from = tokens.get(0).begin();
        for (Token token : tokens) {
            if (token.type() == Type.OTHER && Literals.foreign(sql.substring(token.begin(), token.end()))) {
                text.append(sql, from, token.begin()).append(Literals.standard(sql.substring(token.begin(), token.end())));
                from = token.end();
            }
        }
        return text.append(sql, from, tokens.get(tokens.size() - 1).end()).toString();
    }

    private static int highest(List<Token> tokens) {
        int highest = 0;
        for (Token token : tokens) {
            if (token.type() == Type.PARAMETER && !token.text().isEmpty()) {
                highest = Math.max(highest, token.text().length() < 6 ? Integer.parseInt(token.text()) : 99_999);
            }
        }
        return highest;
    }
}
