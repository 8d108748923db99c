package dev.bgworker.spi.engine;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.spi.sql.SyntaxError;
import java.util.Optional;

/**
 * Where H2 has found a syntax error. Its message has the statement twice: quoted, with the place marked, and below that as it
 * was. The mark is where the first is more than the second, since a statement may have such characters of its own.
 */
final class H2SyntaxError {

    private static final String MARK = "[*]";
    private static final String STATEMENT = "; SQL statement:\n";

    private H2SyntaxError() {}

    /** Empty when the message is not of that form. */
    static Optional<ErrorData> in(String message) {
        int quoted = message.indexOf('"') + 1;
        int statement = message.indexOf(STATEMENT);
        int code = message.lastIndexOf(" [");
        if (quoted == 0 || statement < quoted || code < statement + STATEMENT.length()) {
            return Optional.empty();
        }
        String sql = message.substring(statement + STATEMENT.length(), code);
        int place = place(message.substring(quoted, statement), sql);
        return place < 0 ? Optional.empty() : Optional.of(SyntaxError.at(sql, place));
    }

    private static int place(String quoted, String sql) {
        int at = 0;
        for (int from = 0; from < quoted.length(); from += width(quoted, from)) {
            if (quoted.startsWith(MARK, from) && !sql.startsWith(MARK, at)) {
                return at;
            } else if (at == sql.length()) {
                return -1;
            }
            at += Character.charCount(sql.codePointAt(at));
        }
        return -1;
    }

    /** Of a character in the quoted text; what cannot be printed is a backslash with four digits there, or plus and six. */
    private static int width(String quoted, int from) {
        if (quoted.startsWith("\"\"", from) || quoted.startsWith("\\\\", from)) {
            return 2;
        } else if (quoted.charAt(from) == '\\') {
            return quoted.startsWith("+", from + 1) ? 8 : 5;
        }
        return Character.charCount(quoted.codePointAt(from));
    }
}
