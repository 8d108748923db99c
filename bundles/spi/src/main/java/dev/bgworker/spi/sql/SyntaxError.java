package dev.bgworker.spi.sql;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.spi.sql.SqlTokens.Token;
import dev.bgworker.spi.sql.SqlTokens.Type;
import java.util.List;

import static dev.bgworker.api.process.ErrorData.errcode;

/** What is told of a syntax error, in PostgreSQL's words, whoever has found it. */
public final class SyntaxError {

    private SyntaxError() {}

    /** @param index of the character where the text makes no sense any more; its length at the end */
    public static ErrorData at(String sql, int index) {
        return errcode("42601", "syntax error at " + place(sql, index)).internalerrposition(sql,
                sql.codePointCount(0, index) + 1);
    }

    /** What runs to the end of the text and is not closed there, in its last statement; null when nothing does. */
    static ErrorData unterminated(String sql, List<Token> tokens) {
        int last = tokens.size() - 1;
        if (last < 0 || tokens.get(last).type() != Type.UNTERMINATED) {
            return null;
        }
        String what = tokens.get(last).text();
        // A doubled quote reads as two neighbours, and it began with the first of them.
        while (last > 0 && tokens.get(last - 1).end() == tokens.get(last).begin()
                && sql.charAt(tokens.get(last - 1).begin()) == sql.charAt(tokens.get(last).begin())) {
            last--;
        }
        int index = tokens.get(last).begin();
        while (last > 0 && !tokens.get(last - 1).is(";")) {
            last--;
        }
        int begin = tokens.get(last).begin();
        return errcode("42601", "unterminated " + what + " at or near \"" + sql.substring(index) + "\"")
                .internalerrposition(sql.substring(begin), sql.codePointCount(begin, index) + 1);
    }

    private static String place(String sql, int index) {
        return SqlTokens.of(sql).stream().filter(token -> token.end() > index).findFirst()
                .map(token -> "or near \"" + sql.substring(token.begin(), token.end()) + "\"").orElse("end of input");
    }
}
