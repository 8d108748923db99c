package dev.bgworker.shell;

/** The line of a statement at which an error was found, and a mark below it, as psql shows them. */
final class ErrorLine {

    private static final int WIDTH = 60;
    /** What is shown at least behind the place. */
    private static final int BEHIND = 10;

    private ErrorLine() {}

    /** @param position the character of the statement, counted from 1; one behind its last is its end */
    static String of(String sql, int position) {
        int[] text = sql.codePoints().map(c -> Character.isISOControl(c) && c != '\n' ? ' ' : c).toArray();
        int place = Math.min(position - 1, text.length);
        int number = 1;
        int begin = 0;
        for (int i = 0; i < place; i++) {
            if (text[i] == '\n') {
                number++;
                begin = i + 1;
            }
        }
        int end = begin;
        while (end < text.length && text[end] != '\n') {
            end++;
        }
        int to = Math.min(end, Math.max(begin + WIDTH, place + BEHIND));
        int from = Math.max(begin, to - WIDTH);
        String before = "LINE " + number + ": " + (from > begin ? "..." : "");
        return before + new String(text, from, to - from).stripTrailing() + (to < end ? "..." : "") + "\n"
                + " ".repeat(before.length() + place - from) + "^";
    }
}
