package dev.bgworker.supervisor.process;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.supervisor.core.Exit;

/** The steps of an end: each is taken whatever the ones before raised, and the first thing raised is raised after all. */
final class Steps {

    private Throwable first;

    void take(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) { // whatever it is: the steps that follow are taken
            if (first == null) {
                first = e;
            } else if (first != e) {
                first.addSuppressed(e);
            }
        }
    }

    void rethrow() {
        if (first instanceof RuntimeException e) {
            throw e;
        } else if (first instanceof Error e) {
            throw e;
        } else if (first != null) {
            throw new ErrorException(Exit.data(first), first);
        }
    }
}
