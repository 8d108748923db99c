package dev.bgworker.toolkit;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.control.WorkerEvent.Kind;
import java.time.Duration;

/** One registration of a child, and what was heard of it. The owner's thread only. */
final class Registered<K> {

    /** Exit status before the first exit. */
    private static final int NONE = -1;

    final Child<K> child;
    /** Set once, right after it was made; events may be there before, but nobody looks at them. */
    BackgroundWorkerHandle handle;
    private final BackgroundWorker definition;
    /** Whether, by what was heard, a run of it has begun and not ended. */
    private boolean runs;
    /** That it is unregistered was heard, so that its callback came before another one is launched. */
    private boolean endHeard;
    /** Since when it is seen to be unregistered; null before. */
    private Duration goneSince;

    Registered(Child<K> child, BackgroundWorker definition) {
        this.child = child;
        this.definition = definition;
    }

    boolean gone() { return handle.details().state() == State.STOPPED; }

    /** Gone and told so, or gone for so long that nobody will tell any more. */
    boolean over(WorkerDetails details, Duration now, Duration patience) {
        if (details.state() != State.STOPPED) {
            return false;
        }
        goneSince = goneSince == null ? now : goneSince;
        return endHeard || now.compareTo(goneSince.plus(patience)) >= 0;
    }

    /** When what was not heard is waited for no longer; null when nothing is. */
    Duration patienceEnds(Duration patience) {
        return goneSince == null ? null : goneSince.plus(patience);
    }

    /** Whether this event tells of a death. */
    boolean hear(WorkerEvent event) {
        WorkerDetails details = event.details();
        // When one that is ABANDONED is dropped nothing more is told.
        endHeard = details.state() == State.STOPPED || details.state() == State.ABANDONED;
        boolean ended = event.kind() == Kind.START_FAILED || event.kind() == Kind.EXITED && runs;
        runs = event.kind() == Kind.STARTED || event.kind() == Kind.READY;
        return ended && death(details);
    }

    /**
     * An end that nobody asked for: the policy answers it by BACKOFF or FAILED. One that is never restarted is unregistered
     * after it as after an order; then it is ours to know whether there was one. A crash reset, a library or a pause places
     * it anew: no death.
     */
    private boolean death(WorkerDetails details) {
        int status = details.exitStatus();
        boolean crash = status != 1 && definition.flags().contains(Flag.SHMEM_ACCESS);
        if (status == 0 || status == NONE || crash) {
            return false;
        }
        return switch (details.state()) {
            case BACKOFF, FAILED -> true;
            case STOPPED -> definition.restart().never() && !child.told;
            case WAITING, STARTING, RUNNING, STOPPING, PAUSED, ABANDONED, INVALID -> false;
        };
    }
}
