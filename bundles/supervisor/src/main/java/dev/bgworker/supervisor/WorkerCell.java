package dev.bgworker.supervisor;

import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.Held;
import dev.bgworker.supervisor.core.Registration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What handles see of one registration: the details published last. Written by the loop alone, read by everybody. */
final class WorkerCell {

    private final Registration registration;
    private final Set<Runnable> watchers = ConcurrentHashMap.newKeySet();
    private volatile WorkerDetails details;
    /** The details of the stop seen last, kept for who waits for one and looks when the next run has begun. */
    private volatile WorkerDetails lastStop;
    private volatile boolean supervisorDied;

    WorkerCell(Registration registration, WorkerDetails details) {
        this.registration = registration;
        this.details = details;
    }

    Registration registration() { return registration; }

    WorkerDetails details() { return details; }

    WorkerDetails lastStop() { return lastStop; }

    boolean supervisorDied() { return supervisorDied; }

    /** The value first, then whoever waits for it. */
    void publish(WorkerDetails now) {
        if (now.status() == Status.STOPPED) {
            lastStop = now;
        }
        details = now;
        watchers.forEach(Runnable::run);
    }

    void supervisorDies() {
        supervisorDied = true;
        watchers.forEach(Runnable::run);
    }

    /** The watcher must not block. */
    Held watch(Runnable watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }
}
