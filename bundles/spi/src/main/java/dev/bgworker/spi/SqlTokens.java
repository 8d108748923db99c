package dev.bgworker.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Cuts SQL text into tokens where the engine cuts it, so that a keyword in a comment, a literal or a quoted name is none.
 * Not closed quotes and comments run to the end; the engine then reports them. One use, one thread.
 */
final class SqlTokens {

    /** OTHER is a literal, a number or a quoted name: never a keyword. */
    enum Type {
        WORD, PARAMETER, SYMBOL, OTHER
    }

    /** A value; {@code text} is the word in upper case, the symbol, or the number of a numbered parameter. */
    record Token(Type type, String text, int begin, int end) {

        boolean is(String what) { return (type == Type.WORD || type == Type.SYMBOL) && text.equals(what); }
    }

    private final String sql;
    private final List<Token> tokens = new ArrayList<>();
    // The next character to look at; this object's one pass alone moves it.
    private int at;

    private SqlTokens(String sql) { this.sql = sql; }

    static List<Token> of(String sql) {
        SqlTokens pass = new SqlTokens(sql);
        while (pass.at < sql.length()) {
            pass.next();
        }
        return pass.tokens;
    }

    private void next() {
        char c = sql.charAt(at);
        int begin = at;
        if (c <= ' ' || Character.isSpaceChar(c)) {
            at++;
        } else if (sql.startsWith("--", at) || sql.startsWith("//", at)) {
            at = endOf("\n", at + 2);
        } else if (sql.startsWith("/*", at)) {
            comment();
        } else if (c == '\'' || c == '"' || c == '`') {
            // A doubled quote inside simply reads as two neighbouring literals.
            at = endOf(String.valueOf(c), at + 1);
            add(Type.OTHER, "", begin);
        } else if (sql.startsWith("$$", at)) {
            at = endOf("$$", at + 2);
            add(Type.OTHER, "", begin);
        } else if (c == '?' || c == '$' && digit(at + 1)) {
            digits(at + 1);
            add(Type.PARAMETER, sql.substring(begin + 1, at), begin);
        } else if (digit(at)) {
            word();
            add(Type.OTHER, "", begin);
        } else if (Character.isJavaIdentifierStart(c)) {
            word();
            add(Type.WORD, sql.substring(begin, at).toUpperCase(Locale.ROOT), begin);
        } else {
            at++;
            add(Type.SYMBOL, String.valueOf(c), begin);
        }
    }

    private void comment() {
        int depth = 0;
        do {
            if (sql.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (sql.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else {
                at++;
            }
        } while (depth > 0 && at < sql.length());
    }

    private int endOf(String mark, int from) {
        int found = sql.indexOf(mark, from);
        return found < 0 ? sql.length() : found + mark.length();
    }

    private boolean digit(int index) { return index < sql.length() && sql.charAt(index) >= '0' && sql.charAt(index) <= '9'; }

    private void digits(int from) {
        at = from;
        while (digit(at)) {
            at++;
        }
    }

    private void word() {
        do {
            at++;
        } while (at < sql.length() && Character.isJavaIdentifierPart(sql.charAt(at)));
    }

    private void add(Type type, String text, int begin) { tokens.add(new Token(type, text, begin, at)); }
}
