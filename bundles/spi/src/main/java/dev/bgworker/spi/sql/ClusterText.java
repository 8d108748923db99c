package dev.bgworker.spi.sql;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.spi.sql.SqlTokens.Token;
import dev.bgworker.spi.sql.SqlTokens.Type;
import java.util.List;
import java.util.Locale;

import static dev.bgworker.api.process.ErrorData.errcode;

/** Reads one statement word by word. One use, one thread. */
final class ClusterText {

    private final String sql;
    private final List<Token> tokens;
    // This object's one pass alone moves it.
    private int at;

    ClusterText(String sql) {
        this.sql = sql;
        this.tokens = SqlTokens.of(sql);
    }

    boolean atEnd() { return at == tokens.size(); }

    /** Takes these if they are what comes next. */
    boolean accept(String... words) {
        for (int i = 0; i < words.length; i++) {
            if (at + i >= tokens.size() || !tokens.get(at + i).is(words[i])) {
                return false;
            }
        }
        at += words.length;
        return true;
    }

    void expect(String... words) {
        if (!accept(words)) {
            throw syntaxError();
        }
    }

    void expectEnd() {
        if (!atEnd()) {
            throw syntaxError();
        }
    }

    /** A name, as the catalogs have it: folded unless quoted. */
    String name() {
        if (atEnd()) {
            throw syntaxError();
        }
        Token token = tokens.get(at);
        if (token.type() == Type.WORD) {
            at++;
            return sql.substring(token.begin(), token.end()).toLowerCase(Locale.ROOT);
        } else if (sql.charAt(token.begin()) != '"') {
            throw syntaxError();
        }
        String name = quoted('"');
        if (name.isEmpty()) {
            throw new ErrorException(errcode("42601", "zero-length delimited identifier"));
        }
        return name;
    }

    boolean bool() {
        if (accept("TRUE") || accept("ON")) {
            return true;
        } else if (accept("FALSE") || accept("OFF")) {
            return false;
        }
        throw syntaxError();
    }

    /** Of a setting: a literal, a number or a word. */
    String value() {
        if (atEnd() || tokens.get(at).type() == Type.SYMBOL || tokens.get(at).type() == Type.PARAMETER) {
            throw syntaxError();
        }
        Token token = tokens.get(at);
        if (sql.charAt(token.begin()) == '\'') {
            return quoted('\'');
        }
        at++;
        return sql.substring(token.begin(), token.end());
    }

    /** What is between the quotes; a doubled one inside reads as two neighbouring tokens. */
    private String quoted(char quote) {
        int begin = tokens.get(at).begin();
        int end = begin;
        while (!atEnd() && (end == begin || tokens.get(at).begin() == end) && sql.charAt(tokens.get(at).begin()) == quote) {
            end = tokens.get(at).end();
            at++;
        }
        String twice = String.valueOf(quote) + quote;
        return sql.substring(begin + 1, end - 1).replace(twice, String.valueOf(quote));
    }

    ErrorException syntaxError() {
        return new ErrorException(SyntaxError.at(sql, atEnd() ? sql.length() : tokens.get(at).begin()));
    }
}
