package dev.bgworker.shell;

import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.WorkerDetails;
import java.time.Duration;
import java.util.Optional;

/** {@code TerminateBackgroundWorker} as an operator gives it, by the thread of the command. */
final class Termination {

    private Termination() {}

    static String of(BackgroundWorkerHandle handle, Optional<Duration> wait) throws InterruptedException {
        // the server acts later, so afterwards is too early to see whether there was a run
        WorkerDetails before = handle.details();
        handle.terminate();
        return wait.isEmpty() ? Outcome.told(before) : Outcome.terminated(handle.awaitShutdown(wait.get()), wait.get());
    }
}
