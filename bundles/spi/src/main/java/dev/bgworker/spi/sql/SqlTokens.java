package dev.bgworker.spi.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Cuts SQL text into tokens where the engine cuts it, so that a keyword in a comment, a literal or a quoted name is none.
 * One use, one thread.
 */
public final class SqlTokens {

    /**
     * OTHER is a literal, a number or a quoted name: never a keyword, though a quoted name can be a function's. UNTERMINATED
     * is one of these, or a comment, that runs to the end of the text and is not closed there.
     */
    public enum Type {
        WORD, PARAMETER, SYMBOL, OTHER, UNTERMINATED
    }

    /**
     * A value; {@code text} is the word or quoted name in upper case, the symbol, the number of a numbered parameter, or what
     * it is that is not closed.
     */
    public record Token(Type type, String text, int begin, int end) {

        boolean is(String what) { return (type == Type.WORD || type == Type.SYMBOL) && text.equals(what); }

        /** Whether it is a name in quotes. */
        boolean quoted() { return type == Type.OTHER && !text.isEmpty(); }
    }

    private static final String STRING = "quoted string";

    private final String sql;
    private final List<Token> tokens = new ArrayList<>();
    // The next character to look at; this object's one pass alone moves it.
    private int at;

    private SqlTokens(String sql) { this.sql = sql; }

    public static List<Token> of(String sql) {
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
            lineComment();
        } else if (sql.startsWith("/*", at)) {
            comment();
        } else if (c == '\'' || c == '"' || c == '`') {
            quotes(c, begin);
        } else if (c == '$' && !digit(at + 1)) {
            dollar(begin);
        } else if (c == '?' || c == '$') {
            parameter();
            add(Type.PARAMETER, sql.substring(begin + 1, at), begin);
        } else if ((c == 'E' || c == 'e') && sql.startsWith("'", at + 1)) {
            boolean closed = escapeString();
            add(closed ? Type.OTHER : Type.UNTERMINATED, closed ? "" : STRING, begin);
        } else if (digit(at)) {
            number();
            add(Type.OTHER, "", begin);
        } else if (Character.isJavaIdentifierStart(c)) {
            word();
            add(Type.WORD, sql.substring(begin, at).toUpperCase(Locale.ROOT), begin);
        } else {
            at++;
            add(Type.SYMBOL, String.valueOf(c), begin);
        }
    }

    /** A doubled quote inside simply reads as two neighbouring literals. */
    private void quotes(char quote, int begin) {
        if (quote == '\'') {
            quoted(STRING, "'", at + 1, begin, () -> "");
        } else {
            quoted("quoted identifier", String.valueOf(quote), at + 1, begin, () -> name(begin));
        }
    }

    /** Quotes with or without a tag; one that begins none is a parameter to the engine. */
    private void dollar(int begin) {
        int tag = at + 1;
        while (tag < sql.length() && (Character.isLetter(sql.charAt(tag)) || sql.charAt(tag) == '_'
                || digit(tag) && tag > at + 1)) {
            tag++;
        }
        if (sql.startsWith("$", tag)) {
            quoted("dollar-quoted string", sql.substring(at, tag + 1), tag + 1, begin, () -> "");
        } else {
            at++;
            add(Type.PARAMETER, "", begin);
        }
    }

    /** {@code E'...'}: a backslash takes what follows with it. Whether it is closed. */
    private boolean escapeString() {
        at += 2;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (c == '\\' || c == '\'' && sql.startsWith("'", at + 1)) {
                at = Math.min(at + 2, sql.length());
            } else {
                at++;
                if (c == '\'') {
                    return true;
                }
            }
        }
        return false;
    }

    /** Either end of line ends it. */
    private void lineComment() {
        while (at < sql.length() && sql.charAt(at) != '\n' && sql.charAt(at) != '\r') {
            at++;
        }
    }

    /** Ends where the engine ends it, since a keyword may follow without a space. */
    private void number() {
        if (sql.charAt(at) == '0' && letter(at + 1, "BOX")) {
            word();
            return;
        }
        digits(at);
        if (letter(at, "L")) {
            at++;
        } else if (letter(at, "E")) {
            int exponent = at + 1 < sql.length() && "+-".indexOf(sql.charAt(at + 1)) >= 0 ? at + 2 : at + 1;
            if (digit(exponent)) {
                digits(exponent);
            }
        }
    }

    private boolean letter(int index, String letters) {
        return index < sql.length() && letters.indexOf(Character.toUpperCase(sql.charAt(index))) >= 0;
    }

    private void comment() {
        int begin = at;
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
        if (depth > 0) {
            add(Type.UNTERMINATED, "/* comment", begin);
        }
    }

    /** What is between the quotes. */
    private String name(int begin) {
        return sql.substring(begin + 1, at - 1).toUpperCase(Locale.ROOT);
    }

    private void quoted(String what, String mark, int from, int begin, Supplier<String> text) {
        int found = sql.indexOf(mark, from);
        at = found < 0 ? sql.length() : found + mark.length();
        add(found < 0 ? Type.UNTERMINATED : Type.OTHER, found < 0 ? what : text.get(), begin);
    }

    private boolean digit(int index) { return index < sql.length() && sql.charAt(index) >= '0' && sql.charAt(index) <= '9'; }

    private void parameter() {
        do {
            at++;
        } while (digit(at));
    }

    private void digits(int from) {
        at = from;
        while (digit(at) || at > from && at < sql.length() && sql.charAt(at) == '_') {
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
