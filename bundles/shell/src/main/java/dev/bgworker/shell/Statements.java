package dev.bgworker.shell;

import java.util.ArrayList;
import java.util.List;

/** Cuts a text into its statements, as psql does before it sends them. One use, one thread. */
final class Statements {

    private final String text;
    private final List<String> statements = new ArrayList<>();
    // All three are moved by this object's one pass alone.
    private int at;
    private int begin;
    private boolean something;

    private Statements(String text) { this.text = text; }

    /** Without the semicolons; what is comment and space alone is none. */
    static List<String> of(String text) {
        Statements pass = new Statements(text);
        while (pass.at < text.length()) {
            pass.next();
        }
        pass.end(text.length());
        return pass.statements;
    }

    private void next() {
        char c = text.charAt(at);
        if (c == ';') {
            end(at++);
            begin = at;
        } else if (text.startsWith("--", at) || text.startsWith("//", at)) {
            skipTo("\n", at + 2);
        } else if (text.startsWith("/*", at)) {
            comment();
        } else if (text.startsWith("$$", at)) {
            something = true;
            skipTo("$$", at + 2);
        } else if (c == '\'' || c == '"' || c == '`') {
            something = true;
            skipTo(String.valueOf(c), at + 1);
        } else {
            something |= !Character.isWhitespace(c);
            at++;
        }
    }

    /** They nest. */
    private void comment() {
        int depth = 0;
        do {
            boolean opens = text.startsWith("/*", at);
            boolean closes = text.startsWith("*/", at);
            depth += opens ? 1 : closes ? -1 : 0;
            at += opens || closes ? 2 : 1;
        } while (depth > 0 && at < text.length());
        something |= depth > 0; // which the server refuses
    }

    private void skipTo(String mark, int from) {
        int found = text.indexOf(mark, from);
        at = found < 0 ? text.length() : found + mark.length();
    }

    private void end(int where) {
        if (something) {
            statements.add(text.substring(begin, where).strip());
        }
        something = false;
    }
}
