package dev.bgworker.shell;

import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.PanicError;

/** Error data in psql's lines. */
final class ErrorText {

    private ErrorText() {}

    /** {@code ERROR:}, {@code LINE}, {@code DETAIL:}, {@code HINT:} and {@code CONTEXT:}, as far as there is something to say. */
    static String of(ErrorData error) {
        return "ERROR:  " + error.message() + place(error) + rest(error);
    }

    /** Of a statement that somebody else gave: with it, and with the SQLSTATE. */
    static String verbose(ErrorData error) {
        return "ERROR:  " + error.sqlState() + ": " + error.messageAndPosition() + rest(error)
                + line("QUERY", error.internalQuery());
    }

    /** With SQLSTATE and severity, as {@code \set VERBOSITY verbose} has it. */
    static String verbose(Ereport raised) {
        String severity = raised instanceof FatalError ? "FATAL" : raised instanceof PanicError ? "PANIC" : "ERROR";
        return severity + ":  " + raised.data().sqlState() + ": " + raised.data().message()
                + place(raised.data()) + rest(raised.data());
    }

    private static String place(ErrorData error) {
        return error.internalPosition() == 0
                ? ""
                : "\n" + ErrorLine.of(error.internalQuery(), error.internalPosition());
    }

    private static String rest(ErrorData error) {
        return line("DETAIL", error.detail()) + line("HINT", error.hint()) + line("CONTEXT", error.context());
    }

    private static String line(String label, String text) { return text.isEmpty() ? "" : "\n" + label + ":  " + text; }
}
