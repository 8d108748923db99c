package dev.bgworker.shell;

import dev.bgworker.api.process.ErrorData;

/** Error data in psql's lines. */
final class ErrorText {

    private ErrorText() {}

    /** {@code ERROR:}, {@code DETAIL:}, {@code HINT:} and {@code CONTEXT:}, as far as there is something to say. */
    static String of(ErrorData error) {
        return "ERROR:  " + error.message() + rest(error);
    }

    /** The same with the SQLSTATE, as {@code \set VERBOSITY verbose} has it. */
    static String verbose(ErrorData error) {
        return "ERROR:  " + error.sqlState() + ": " + error.message() + rest(error);
    }

    private static String rest(ErrorData error) {
        return line("DETAIL", error.detail()) + line("HINT", error.hint()) + line("CONTEXT", error.context());
    }

    private static String line(String label, String text) { return text.isEmpty() ? "" : "\n" + label + ":  " + text; }
}
