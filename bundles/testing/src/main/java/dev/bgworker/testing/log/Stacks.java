package dev.bgworker.testing.log;

/** What was thrown, for a reader. */
final class Stacks {

    private static final int DEEPEST = 12;

    private Stacks() {}

    /** Its first frames and those of its causes; empty for null. */
    static String text(Throwable thrown) {
        StringBuilder text = new StringBuilder();
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            text.append(each == thrown ? "\t" : "\tcaused by ").append(each).append('\n');
            StackTraceElement[] stack = each.getStackTrace();
            for (int i = 0; i < Math.min(stack.length, DEEPEST); i++) {
                text.append("\t\tat ").append(stack[i]).append('\n');
            }
        }
        return text.toString();
    }
}
