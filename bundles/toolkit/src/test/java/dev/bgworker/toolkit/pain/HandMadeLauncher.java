package dev.bgworker.toolkit.pain;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.process.Scope.Event;
import dev.bgworker.testing.TestHost;
import dev.bgworker.toolkit.MainLoop;
import dev.bgworker.toolkit.WorkerSet;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The old way: what extensions copy of the logical replication launcher. A table tells which keys have a worker; the launcher
 * marks a key when it registers one, and the worker's own exit hook clears it.
 */
final class HandMadeLauncher implements WorkerMain {

    static final List<String> KEYS = List.of("a", "b", "c");

    private final BackgroundWorkers workers;
    private final Set<String> inUse = ConcurrentHashMap.newKeySet();

    HandMadeLauncher(BackgroundWorkers workers) { this.workers = workers; }

    /** Those that the table says are there. */
    Set<String> inUse() { return inUse; }

    @Override
    public void main(WorkerContext worker) {
        worker.interrupts().unblock();
        while (true) {
            KEYS.stream().filter(inUse::add)
                    .forEach(key -> workers.register(child(key).notifyPid(worker.pid()).build()));
            WorkerSpi.sleep(worker, Duration.ofSeconds(5));
        }
    }

    /** What the child of that key is, as of {@code ApplyLauncherRegister}: never restarted by the host. */
    static BackgroundWorker.Builder child(String key) {
        return BackgroundWorker.builder(key, TestHost.LIBRARY, "child").restart(RestartPolicy.NEVER);
    }

    /** {@code logicalrep_worker_attach} and {@code logicalrep_worker_onexit}. */
    WorkerMain ofTable() {
        return worker -> {
            String key = worker.entry().name();
            worker.scope().on(Event.BEFORE_SHMEM_EXIT, end -> inUse.remove(key));
            waits(worker);
        };
    }

    static void waits(WorkerContext worker) {
        worker.interrupts().unblock();
        while (true) {
            WorkerSpi.sleep(worker, Latch.FOREVER);
        }
    }

    /** Ours: the same launcher, whole. */
    static WorkerMain ofSet(BackgroundWorkers workers, List<String> heard) {
        return worker -> {
            WorkerSet<String> set = WorkerSet.of(worker, workers, key -> child(key).build());
            set.onEvent((key, event) -> heard.add(key + " " + event.kind()));
            MainLoop.of(worker).run(turn -> {
                set.keep(KEYS);
                set.nextDue().ifPresent(turn::again);
            });
        };
    }

    /** Names of those that run. */
    static List<String> running(TestHost host) {
        host.settle();
        return host.workers().list().stream().map(each -> each.details()).filter(each -> each.pid() != 0)
                .map(each -> each.definition().name()).filter(KEYS::contains).sorted().toList();
    }
}
