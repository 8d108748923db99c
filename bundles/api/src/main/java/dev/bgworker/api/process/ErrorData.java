package dev.bgworker.api.process;

import java.io.Serializable;
import java.util.List;

/**
 * What {@code ereport} carries, by value, so that it outlives the worker. Written in ereport's own words:
 * {@code errcode("53000", "no slot").errdetail("8 of 8 in use").errhint("...")}. Parts not given are empty, never null.
 *
 * @param sqlState five characters, PostgreSQL's, whatever engine raised it
 * @param context lines, innermost first; also where what a foreign exception was is told
 */
public record ErrorData(String sqlState, String message, String detail, String hint,
        String context) implements Serializable {

    /** {@code errcode} and {@code errmsg}. */
    public static ErrorData errcode(String sqlState, String message) {
        return new ErrorData(sqlState, message, "", "", "");
    }

    /** {@code errdetail}: the numbers. */
    public ErrorData errdetail(String text) {
        return new ErrorData(sqlState, message, text, hint, context);
    }

    /** {@code errhint}: what to do, naming the setting to change. */
    public ErrorData errhint(String text) {
        return new ErrorData(sqlState, message, detail, text, context);
    }

    /** {@code errcontext}: adds a line. */
    public ErrorData errcontext(String line) {
        return new ErrorData(sqlState, message, detail, hint, context.isEmpty() ? line : context + "\n" + line);
    }

    /** For a log: SQLSTATE and message, then what else there is, a line each and indented. */
    public String inWords() {
        StringBuilder text = new StringBuilder(sqlState).append(": ").append(message);
        for (String more : List.of(detail, hint, context)) {
            text.append(more.isEmpty() ? "" : "\n\t" + more.replace("\n", "\n\t"));
        }
        return text.toString();
    }
}
