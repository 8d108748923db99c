package dev.bgworker.spi;

/** The steps of {@code AbortTransaction}, or of another end: each runs whatever the ones before it raised. Owner thread only. */
final class AbortSteps {

    // Both: owner thread only; the first thing raised, of one kind or the other.
    private RuntimeException exception;
    private Error error;

    void run(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            if (!later(e)) {
                exception = e;
            }
        } catch (Error e) {
            if (!later(e)) {
                error = e;
            }
        }
    }

    /** Whether what was raised ends the process. */
    boolean fatal() { return error != null; }

    boolean failed() { return exception != null || error != null; }

    private boolean later(Throwable raised) {
        Throwable first = exception == null ? error : exception;
        if (first != null && first != raised) {
            first.addSuppressed(raised);
        }
        return first != null;
    }

    /** What was raised first, with the others suppressed in it. */
    void rethrow() {
        if (exception != null) {
            throw exception;
        } else if (error != null) {
            throw error;
        }
    }
}
