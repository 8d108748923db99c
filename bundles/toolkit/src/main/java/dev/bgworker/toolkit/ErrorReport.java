package dev.bgworker.toolkit;

import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.ErrorData;
import org.slf4j.Logger;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * What a loop tells the log ({@code EmitErrorReport}): an error with all its data and its stack once, then only how often
 * it came again. The loop's thread only.
 */
final class ErrorReport {

    private record Key(Class<?> type, String sqlState, String message) {}

    private final Logger log;
    // Both written by the loop's thread alone.
    private Key last;
    private int inARow;

    ErrorReport(Logger log) { this.log = log; }

    void error(Exception error) {
        ErrorData data = dataOf(error);
        Key key = new Key(error.getClass(), data.sqlState(), data.message());
        inARow = key.equals(last) ? inARow + 1 : 1;
        last = key;
        if (inARow == 1) {
            log.error("{}", data.inWords(), error);
        } else {
            log.error("the same error {} times in a row: {}: {}", inARow, data.sqlState(), data.message());
        }
    }

    /** A failure of the cleaning up itself, which must not hide the error that made it necessary. */
    void cleanup(Exception failure) {
        log.warn("cleaning up after an error failed: {}", dataOf(failure).inWords(), failure);
    }

    void success(int failures) {
        if (failures > 0) {
            log.info("going on after {} failures", failures);
        }
        last = null;
    }

    /** What an exception of the author's own is as an ERROR. */
    static ErrorData dataOf(Exception error) {
        return error instanceof Ereport report ? report.data() : errcode("XX000", error.toString());
    }

    /** The same where no stack is shown: with the place that an exception of the author's own was thrown at, and its causes. */
    static ErrorData withPlace(ErrorData data, Exception error) {
        if (error instanceof Ereport) {
            return data;
        }
        StackTraceElement[] stack = error.getStackTrace();
        ErrorData told = stack.length == 0 ? data : data.errcontext("at " + stack[0]);
        for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
            told = told.errcontext("caused by " + cause);
        }
        return told;
    }
}
