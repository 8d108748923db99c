package dev.bgworker.shell;

import java.util.List;
import org.jline.reader.CompletingParsedLine;

/**
 * A line that Gogo has parsed, with the two corrections that completion needs. Pure.
 *
 * <p>In an unclosed quote Gogo counts the cursor with the quote and the word without it, so the cursor may be beyond the
 * word. And Gogo escapes blanks with a backslash, but fails at some of them.
 */
record CompletionLine(CompletingParsedLine gogo) implements CompletingParsedLine {

    @Override
    public int wordCursor() { return Math.min(gogo.wordCursor(), gogo.word().length()); }

    /** In the quotes that were begun, or in some if it needs them. */
    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
        String text = candidate.toString();
        char begun = firstOfWord();
        boolean quoted = begun == '\'' || begun == '"';
        if (!quoted && !text.matches("(?s).*[\\s'\"].*")) {
            return text;
        }
        char quote = quoted ? begun : text.indexOf('\'') < 0 ? '\'' : '"';
        String escaped = quote == '"' ? text.replaceAll("[\\\\\"$]", "\\\\$0") : text.replace("'", "'\\''");
        return quote + escaped + (complete ? String.valueOf(quote) : "");
    }

    private char firstOfWord() {
        int start = gogo.cursor() - gogo.rawWordCursor();
        return start >= 0 && start < gogo.line().length() ? gogo.line().charAt(start) : 0;
    }

    @Override
    public String word() { return gogo.word(); }

    @Override
    public int wordIndex() { return gogo.wordIndex(); }

    @Override
    public List<String> words() { return gogo.words(); }

    @Override
    public String line() { return gogo.line(); }

    @Override
    public int cursor() { return gogo.cursor(); }

    @Override
    public int rawWordCursor() { return gogo.rawWordCursor(); }

    @Override
    public int rawWordLength() { return gogo.rawWordLength(); }
}
