package dev.bgworker.shell;

import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;

/**
 * A command that failed, with the status its process exits with. Its text is complete, since Gogo prints nothing else; and it
 * is all that there is, since a prompt keeps the last one, and with cause or stack the classes of bundles that are gone.
 */
final class CommandFailure extends ErrorException {

    static final int FAILED = 1;
    static final int MISUSE = 2;
    static final int UNKNOWN = 3;

    private static final long serialVersionUID = 1;

    private final int status;
    private final String text;

    CommandFailure(int status, ErrorData data) { this(status, data, ErrorText.of(data)); }

    private CommandFailure(int status, ErrorData data, String text) {
        super(data);
        this.status = status;
        this.text = text;
    }

    /** A statement that failed, with its severity and SQLSTATE, as psql is told to show them by VERBOSITY verbose. */
    static CommandFailure ofStatement(Ereport raised) {
        return new CommandFailure(FAILED, raised.data(), ErrorText.verbose(raised));
    }

    /** The same for a statement that is refused by its code alone. */
    static CommandFailure ofStatement(ErrorData refused) {
        return new CommandFailure(FAILED, refused, ErrorText.verbose(refused));
    }

    /** What was wrong with the arguments, and how they should have been. */
    static CommandFailure misuse(String message, String hint) {
        return new CommandFailure(MISUSE, ErrorData.errcode("22023", message).errhint(hint));
    }

    int status() { return status; }

    /** An error of the server, so that the prompt shows it without the name of its class. */
    static CommandFailure of(ErrorException refused) {
        return refused instanceof CommandFailure told
                ? told
                : new CommandFailure(FAILED, refused.data());
    }

    /** None. */
    @Override
    public synchronized Throwable fillInStackTrace() { return this; }

    @Override
    public String getMessage() { return text; }

    /** The prompt prints this and nothing else. */
    @Override
    public String toString() { return getMessage(); }
}
