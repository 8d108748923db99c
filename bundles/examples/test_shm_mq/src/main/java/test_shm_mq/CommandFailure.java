package test_shm_mq;

import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.ErrorException;

/** An error with all its parts in its text: the prompt prints that and nothing else. */
final class CommandFailure extends ErrorException {

    private static final long serialVersionUID = 1;

    CommandFailure(Ereport raised) { super(raised.data(), (Throwable) raised); }

    @Override
    public String getMessage() { return "ERROR:  " + data().inWords(); }

    @Override
    public String toString() { return getMessage(); }
}
