package dev.bgworker.api.process;

import java.io.Serializable;

/**
 * What {@code ereport} carries, by value, so that it outlives the worker. Written in ereport's own words:
 * {@code errcode("53000", "no slot").errdetail("8 of 8 in use").errhint("...")}. Parts not given are empty, never null.
 *
 * @param sqlState five characters, PostgreSQL's, whatever engine raised it
 * @param context lines, innermost first; also where what a foreign exception was is told
 * @param internalQuery the statement in which a position is told
 * @param internalPosition the character of it at which the error was found, counted from 1; 0 for none
 */
public record ErrorData(String sqlState, String message, String detail, String hint, String context, String internalQuery,
        int internalPosition) implements Serializable {

    /** {@code errcode} and {@code errmsg}. */
    public static ErrorData errcode(String sqlState, String message) {
        return new ErrorData(sqlState, message, "", "", "", "", 0);
    }

    /** {@code errdetail}: the numbers. */
    public ErrorData errdetail(String text) {
        return new ErrorData(sqlState, message, text, hint, context, internalQuery, internalPosition);
    }

    /** {@code errhint}: what to do, naming the setting to change. */
    public ErrorData errhint(String text) {
        return new ErrorData(sqlState, message, detail, text, context, internalQuery, internalPosition);
    }

    /** {@code errcontext}: adds a line. */
    public ErrorData errcontext(String line) {
        return new ErrorData(sqlState, message, detail, hint, context.isEmpty() ? line : context + "\n" + line,
                internalQuery, internalPosition);
    }

    /** {@code internalerrquery} and {@code internalerrposition}: where in a statement, in characters from 1. */
    public ErrorData internalerrposition(String query, int position) {
        return new ErrorData(sqlState, message, detail, hint, context, query, position);
    }

    /** For a log: the message, and at which character. */
    public String messageAndPosition() {
        return internalPosition == 0 ? message : message + " at character " + internalPosition;
    }

    /** For a log: SQLSTATE and message, then what else there is, each in a line of its own behind PostgreSQL's label. */
    public String inWords() {
        return sqlState + ": " + messageAndPosition() + line("DETAIL", detail) + line("HINT", hint)
                + line("QUERY", internalQuery) + line("CONTEXT", context);
    }

    private static String line(String label, String text) {
        return text.isEmpty() ? "" : "\n" + label + ": " + text.replace("\n", "\n\t");
    }
}
