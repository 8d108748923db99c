package dev.bgworker.itests;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.RestartPolicy;
import java.time.Duration;

/** What a test registers. */
record DynamicWorkers(BackgroundWorkers workers) {

    static final Duration LONG = Duration.ofSeconds(10);

    /** Never restarted, unless that is changed. */
    static BackgroundWorker.Builder define(String name, String library, String function) {
        return BackgroundWorker.builder(name, library, function).restart(RestartPolicy.NEVER);
    }

    BackgroundWorkerHandle register(BackgroundWorker.Builder worker) { return workers.register(worker.build()); }

    void terminateAll() throws InterruptedException { terminateAllBut(""); }

    /** All but what that library has registered. */
    void terminateAllBut(String owner) throws InterruptedException {
        for (BackgroundWorkerHandle each : workers.list()) {
            if (!each.details().owner().equals(owner)) {
                each.terminate();
                each.awaitShutdown(LONG);
            }
        }
    }
}
