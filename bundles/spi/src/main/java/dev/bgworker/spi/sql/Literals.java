package dev.bgworker.spi.sql;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * PostgreSQL's dollar quotes and escape strings as standard literals, since the engine reads them otherwise. Stateless.
 */
final class Literals {

    private static final String LETTERS = "bfnrt";
    private static final String MEANT = "\b\f\n\r\t";

    private Literals() {}

    /** Whether the engine would read that token as something else. */
    static boolean foreign(String token) {
        return token.startsWith("$") || token.startsWith("E'") || token.startsWith("e'");
    }

    /** With spaces around, so that it joins no neighbour. */
    static String standard(String token) {
        return token.startsWith("$") ? dollarQuoted(token) : escapeString(token);
    }

    private static String dollarQuoted(String token) {
        String mark = token.substring(0, token.indexOf('$', 1) + 1);
        return literal(token.substring(mark.length(), token.length() - mark.length()));
    }

    private static String literal(String text) { return " '" + text.replace("'", "''") + "' "; }

    /** By bytes, since {@code \x} gives bytes of the encoding. */
    private static String escapeString(String token) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int at = 2;
        int end = token.length() - 1;
        while (at < end) {
            char c = token.charAt(at);
            if (c == '\'') {
                bytes.write('\'');
                at += 2;
            } else if (c == '\\') {
                at = escape(token, at + 1, bytes);
            } else {
                at = character(token.codePointAt(at), bytes, at + Character.charCount(token.codePointAt(at)));
            }
        }
        return literal(bytes.toString(StandardCharsets.UTF_8));
    }

    private static int escape(String token, int at, ByteArrayOutputStream to) {
        char c = token.charAt(at);
        if (LETTERS.indexOf(c) >= 0) {
            return character(MEANT.charAt(LETTERS.indexOf(c)), to, at + 1);
        } else if (Character.digit(c, 8) >= 0) {
            return code(token, at, 3, 8, to);
        } else if (c == 'x' && Character.digit(next(token, at), 16) >= 0) {
            return code(token, at + 1, 2, 16, to);
        } else if (c == 'u' || c == 'U') {
            int end = at + 1 + (c == 'u' ? 4 : 8);
            String hex = end <= token.length() ? token.substring(at + 1, end) : "";
            if (hex.matches("[0-9A-Fa-f]+") && Character.isValidCodePoint(Integer.parseUnsignedInt(hex, 16))) {
                return character(Integer.parseInt(hex, 16), to, end);
            }
        }
        return character(token.codePointAt(at), to, at + Character.charCount(token.codePointAt(at)));
    }

    private static char next(String token, int at) { return at + 1 < token.length() ? token.charAt(at + 1) : ' '; }

    private static int code(String token, int from, int digits, int radix, ByteArrayOutputStream to) {
        int at = from;
        int value = 0;
        while (at < token.length() && at < from + digits && Character.digit(token.charAt(at), radix) >= 0) {
            value = value * radix + Character.digit(token.charAt(at), radix);
            at++;
        }
        to.write(value);
        return at;
    }

    private static int character(int codePoint, ByteArrayOutputStream to, int next) {
        to.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
        return next;
    }
}
