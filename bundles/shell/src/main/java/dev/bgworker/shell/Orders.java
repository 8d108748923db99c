package dev.bgworker.shell;

import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.process.ErrorData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What an operator tells one or several workers to do; by the thread of the command. */
final class Orders {

    private Orders() {}

    /** {@code TerminateBackgroundWorker}. */
    static String terminate(List<BackgroundWorkerHandle> handles, Optional<Duration> wait) throws InterruptedException {
        List<String> told = give(handles, BackgroundWorkerHandle::terminate, Outcome::told);
        return wait.isEmpty()
                ? String.join("\n", told)
                : Together.await(handles, wait.get(), "have not ended",
                        (handle, rest) -> Outcome.terminated(handle.awaitShutdown(rest), wait.get()));
    }

    /** Ends the run and starts none. One that is paused keeps its reason unless another is given. */
    static String pause(List<BackgroundWorkerHandle> handles, Optional<String> reason, Optional<Duration> wait)
            throws InterruptedException {
        List<String> told = give(handles, handle -> pause(handle, reason), Outcome::toldToPause);
        return wait.isEmpty()
                ? String.join("\n", told)
                : Together.await(handles, wait.get(), "are not paused",
                        (handle, rest) -> Outcome.paused(handle.awaitShutdown(rest), wait.get()));
    }

    private static void pause(BackgroundWorkerHandle handle, Optional<String> reason) {
        if (reason.isPresent() || handle.details().state() != State.PAUSED) {
            handle.pause(reason.orElse("paused on request"));
        }
    }

    /** Ends the run and starts the next. A paused one would stay where it is, so it is refused. */
    static String restart(List<BackgroundWorkerHandle> handles, Optional<Duration> wait) throws InterruptedException {
        for (BackgroundWorkerHandle handle : handles) {
            WorkerDetails now = handle.details();
            if (now.state() == State.PAUSED) {
                throw new CommandFailure(CommandFailure.FAILED, ErrorData
                        .errcode("55000", "background worker \"" + now.definition().name() + "\" is paused")
                        .errdetail("The reason is: " + now.reason()).errhint("bgw:resume has it run again."));
            }
        }
        return anew(handles, BackgroundWorkerHandle::restart, before -> Outcome.toldTo("restart", before), wait);
    }

    /** Undoes pause and FAILED; of any other it is told that there was nothing to do. */
    static String resume(List<BackgroundWorkerHandle> handles, Optional<Duration> wait) throws InterruptedException {
        List<BackgroundWorkerHandle> resting = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (BackgroundWorkerHandle handle : handles) {
            WorkerDetails now = handle.details();
            // one that is STOPPING may be on its way to a pause
            if (now.state() == State.PAUSED || now.state() == State.FAILED || now.state() == State.STOPPING) {
                resting.add(handle);
            } else {
                handle.resume(); // it may wait for a slot and be paused all the same
                lines.add(now.definition().name() + ": " + now.state() + ", was not paused");
            }
        }
        if (!resting.isEmpty()) {
            lines.add(anew(resting, BackgroundWorkerHandle::resume,
                    before -> before.definition().name() + ": resumed, was " + before.state(), wait));
        }
        return String.join("\n", lines);
    }

    private static String anew(List<BackgroundWorkerHandle> handles, Consumer<BackgroundWorkerHandle> order,
            Function<WorkerDetails, String> words, Optional<Duration> wait) throws InterruptedException {
        if (wait.isEmpty()) {
            return String.join("\n", give(handles, order, words));
        }
        List<NextRun> runs = new ArrayList<>();
        try {
            handles.forEach(handle -> runs.add(NextRun.of(handle)));
            handles.forEach(order);
            return Together.await(runs, wait.get(), "have not started",
                    (run, rest) -> Outcome.again(run.awaitReady(rest), wait.get()));
        } finally {
            runs.forEach(NextRun::close);
        }
    }

    /** The server acts later, so what is told is of the moment before. */
    private static List<String> give(List<BackgroundWorkerHandle> handles, Consumer<BackgroundWorkerHandle> order,
            Function<WorkerDetails, String> words) {
        List<WorkerDetails> before = handles.stream().map(BackgroundWorkerHandle::details).toList();
        handles.forEach(order);
        return before.stream().map(words).collect(Collectors.toList());
    }
}
