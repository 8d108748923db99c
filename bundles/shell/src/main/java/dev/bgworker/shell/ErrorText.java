package dev.bgworker.shell;

import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.PanicError;

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

    /** The same, under the severity that it has. */
    static String verbose(Ereport raised) {
        String severity = raised instanceof FatalError ? "FATAL" : raised instanceof PanicError ? "PANIC" : "ERROR";
        return severity + ":  " + raised.data().sqlState() + ": " + raised.data().message() + rest(raised.data());
    }

    private static String rest(ErrorData error) {
        return line("DETAIL", error.detail()) + line("HINT", error.hint()) + line("CONTEXT", error.context());
    }

    private static String line(String label, String text) { return text.isEmpty() ? "" : "\n" + label + ":  " + text; }
}
