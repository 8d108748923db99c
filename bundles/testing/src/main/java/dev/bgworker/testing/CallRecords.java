package dev.bgworker.testing;

import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.supervisor.Supervisor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** What workers have called of the host, by registration, since names may be the same: over all runs of each. Thread-safe. */
final class CallRecords {

    /** Equal handles are of one registration. */
    private final Map<BackgroundWorkerHandle, Calls> byHandle = new ConcurrentHashMap<>();
    /** Set once, before any worker starts: the host needs the functions, and these the host. */
    private volatile Supervisor host;
    /** Replaced by the test's thread before it registers a worker; until it is open no run gets further. */
    private volatile CountDownLatch registered = new CountDownLatch(0);

    void bind(Supervisor toHost) { host = toHost; }

    ProcArray procs() { return host.procArray(); }

    /** For a worker that is not registered yet. */
    Calls make() { return new Calls(this::procs); }

    Calls of(BackgroundWorkerHandle worker) { return byHandle.computeIfAbsent(worker, handle -> make()); }

    /** Before the first run of that registration, see {@link #holdRuns}. */
    void put(BackgroundWorkerHandle worker, Calls calls) {
        byHandle.put(worker, calls);
    }

    /** No run begins until {@link #letRun}: so none ends before the test hears of ends, or is taken for another's. */
    void holdRuns() {
        registered = new CountDownLatch(1);
    }

    void letRun() { registered.countDown(); }

    /** A run begins, on its thread. */
    Calls begins() {
        try {
            registered.await();
        } catch (InterruptedException expected) {
            Thread.currentThread().interrupt(); // told to go before the test was ready for it
        }
        long pid = procs().current().proc().pid();
        host.nextWake(); // the answer comes after the details that name this run
        Calls calls = host.workersFor(TestHost.LIBRARY, library -> false).list().stream()
                .filter(each -> each.details().pid() == pid).findFirst().map(this::of).orElseGet(this::make);
        calls.begins(pid);
        return calls;
    }
}
