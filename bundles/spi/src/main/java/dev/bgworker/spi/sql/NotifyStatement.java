package dev.bgworker.spi.sql;

import dev.bgworker.spi.sql.SqlTokens.Token;
import dev.bgworker.spi.sql.SqlTokens.Type;
import java.util.List;
import java.util.Locale;

/**
 * {@code NOTIFY channel [, 'payload']} and <code>UNLISTEN {channel | *}</code> as PostgreSQL's grammar has them. A value.
 *
 * @param channel null for all
 * @param payload null when it is left out
 * @param unexpected where it is wrong, as PostgreSQL words it; null when it is not
 */
public record NotifyStatement(String channel, String payload, String unexpected) {

    private static final NotifyStatement SHORT = new NotifyStatement(null, null, "end of input");

    public static NotifyStatement parse(String sql) {
        List<Token> tokens = SqlTokens.of(sql);
        boolean notify = tokens.get(0).is("NOTIFY");
        if (tokens.size() < 2) {
            return SHORT;
        } else if (!notify && tokens.get(1).is("*")) {
            return end(sql, tokens, 2, null, null);
        }
        Token first = tokens.get(1);
        int next = neighbours(sql, tokens, 1);
        String channel;
        if (first.type() == Type.WORD) {
            channel = sql.substring(first.begin(), first.end()).toLowerCase(Locale.ROOT);
        } else if (sql.charAt(first.begin()) == '"') {
            channel = unquote(sql, first.begin(), tokens.get(next - 1).end());
        } else {
            return unexpected(sql, first);
        }
        if (!notify || next == tokens.size() || !tokens.get(next).is(",")) {
            return end(sql, tokens, next, channel, null);
        } else if (next + 1 == tokens.size()) {
            return SHORT;
        }
        Token literal = tokens.get(next + 1);
        int last = neighbours(sql, tokens, next + 1);
        if (sql.startsWith("$$", literal.begin())) {
            return end(sql, tokens, next + 2, channel, sql.substring(literal.begin() + 2, literal.end() - 2));
        } else if (sql.charAt(literal.begin()) == '\'') {
            return end(sql, tokens, last, channel, unquote(sql, literal.begin(), tokens.get(last - 1).end()));
        }
        return unexpected(sql, literal);
    }

    private static NotifyStatement end(String sql, List<Token> tokens, int next, String channel, String payload) {
        return next == tokens.size() ? new NotifyStatement(channel, payload, null) : unexpected(sql, tokens.get(next));
    }

    private static NotifyStatement unexpected(String sql, Token token) {
        return new NotifyStatement(null, null, "or near \"" + sql.substring(token.begin(), token.end()) + "\"");
    }

    /** Behind the token and what follows it directly in the same quotes: a doubled quote reads as two neighbours. */
    private static int neighbours(String sql, List<Token> tokens, int from) {
        int next = from + 1;
        while (next < tokens.size() && tokens.get(next).begin() == tokens.get(next - 1).end()
                && sql.charAt(tokens.get(next).begin()) == sql.charAt(tokens.get(from).begin())
                && "'\"".indexOf(sql.charAt(tokens.get(from).begin())) >= 0) {
            next++;
        }
        return next;
    }

    private static String unquote(String sql, int begin, int end) {
        String quote = sql.substring(begin, begin + 1);
        return sql.substring(begin + 1, end - 1).replace(quote + quote, quote);
    }
}
