package dev.bgworker.supervisor.process;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;

/** Short words for what is raised more than once here, to callers that are no process; see {@link BgProc#errfinish}. */
final class Errors {

    private Errors() {}

    static ErrorException error(String sqlState, String message) { return new ErrorException(errcode(sqlState, message)); }

    static ErrorException error(String sqlState, String message, String hint) {
        return new ErrorException(errcode(sqlState, message).errhint(hint));
    }

    static FatalError fatal(String sqlState, String message) { return new FatalError(errcode(sqlState, message)); }
}
