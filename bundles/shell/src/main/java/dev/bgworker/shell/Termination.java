package dev.bgworker.shell;

import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.ErrorData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code TerminateBackgroundWorker} as an operator gives it, for one or several; by the thread of the command. */
final class Termination {

    private Termination() {}

    static String of(List<BackgroundWorkerHandle> handles, Optional<Duration> wait) throws InterruptedException {
        // the server acts later, so afterwards is too early to see whether there was a run
        List<WorkerDetails> before = handles.stream().map(BackgroundWorkerHandle::details).toList();
        handles.forEach(BackgroundWorkerHandle::terminate);
        return wait.isEmpty()
                ? before.stream().map(Outcome::told).collect(Collectors.joining("\n"))
                : await(handles, wait.get());
    }

    /** All within one time; each is looked at, even when that is over. */
    private static String await(List<BackgroundWorkerHandle> handles, Duration wait) throws InterruptedException {
        long start = System.nanoTime();
        List<String> ended = new ArrayList<>();
        List<ErrorData> left = new ArrayList<>();
        for (BackgroundWorkerHandle handle : handles) {
            Duration rest = wait.minusNanos(System.nanoTime() - start);
            try {
                ended.add(Outcome.terminated(handle.awaitShutdown(rest.isNegative() ? Duration.ZERO : rest), wait));
            } catch (CommandFailure failed) {
                left.add(failed.data());
            }
        }
        if (!left.isEmpty()) {
            throw new CommandFailure(CommandFailure.FAILED,
                    left.size() == 1 && ended.isEmpty() ? left.get(0) : sum(ended, left));
        }
        return String.join("\n", ended);
    }

    private static ErrorData sum(List<String> ended, List<ErrorData> left) {
        String which = left.stream().map(ErrorData::message).collect(Collectors.joining("; "));
        return ErrorData
                .errcode(left.get(0).sqlState(),
                        left.size() + " of " + (ended.size() + left.size()) + " background workers have not ended")
                .errdetail(which + ".").errhint(left.get(0).hint());
    }
}
