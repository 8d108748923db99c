package dev.bgworker.testing;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.PanicError;
import dev.bgworker.api.spi.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** What one worker has called of the host, over all its runs, and what is to happen at which call. Thread-safe. */
final class Calls {

    /** What happens at a call, on the worker's thread; what it throws is thrown there. */
    @FunctionalInterface
    interface Happening {
        void at(Session session) throws Throwable;
    }

    private record Plan(ApiMethod method, long number, boolean after, Happening happening) {}

    private final Supplier<ProcArray> procs;
    /** Replaced by the test's thread before it registers the worker; until it is open no run of that gets further. */
    private volatile CountDownLatch watched = new CountDownLatch(0);
    /** All guarded by this. */
    private final Map<ApiMethod, Long> counts = new HashMap<>();
    private final List<Plan> plans = new ArrayList<>();
    private final Set<Long> pids = new HashSet<>();

    Calls(Supplier<ProcArray> procs) { this.procs = procs; }

    /** No run of it begins until {@link #letRun}: so none ends before the test hears of ends. */
    void holdRuns() {
        watched = new CountDownLatch(1);
    }

    void letRun() { watched.countDown(); }

    /** A run of it begins, on its thread. */
    void begins() throws InterruptedException {
        watched.await();
        long pid = procs.get().current().proc().pid();
        synchronized (this) {
            pids.add(pid);
        }
    }

    synchronized boolean ranAs(long pid) { return pids.contains(pid); }

    WorkerContext watched(WorkerContext worker) {
        return (WorkerContext) new CallProxies(this).wrap(WorkerContext.class, worker);
    }

    synchronized long count(ApiMethod method) { return counts.getOrDefault(method, 0L); }

    /** @param nth from now on, 1 for the next */
    synchronized void plan(ApiMethod method, long nth, boolean after, Happening happening) {
        if (nth < 1) {
            throw new IllegalArgumentException("the next call is number 1, not " + nth);
        }
        plans.add(new Plan(method, count(method) + nth, after, happening));
    }

    /** What was planned and has not come, in words. */
    synchronized List<String> pending() {
        return plans.stream().map(each -> "call " + each.number() + " of " + each.method() + ", of which there were "
                + count(each.method())).toList();
    }

    /** Counts it. */
    synchronized long begins(ApiMethod method) { return counts.merge(method, 1L, Long::sum); }

    /** Lets happen what was planned for before, or after, that call. */
    void happens(ApiMethod method, long number, boolean after, Session session) throws Throwable {
        for (Plan each : due(method, number, after)) {
            try {
                each.happening().at(session);
            } catch (Throwable e) {
                throw raised(e, session);
            }
        }
    }

    private synchronized List<Plan> due(ApiMethod method, long number, boolean after) {
        List<Plan> due = plans.stream()
                .filter(each -> each.method().equals(method) && each.number() == number && each.after() == after).toList();
        plans.removeAll(due);
        return due;
    }

    /** As the host raises it: an ERROR resets holds and fails the transaction it happened in, a FATAL is sticky. */
    private Throwable raised(Throwable thrown, Session session) {
        if (thrown instanceof ErrorException && session != null) {
            InjectedError.failTransaction(session);
        }
        return procs.get().ofThread().map(me -> finished(me, thrown)).orElse(thrown);
    }

    private static Throwable finished(ProcArray.Entry me, Throwable thrown) {
        if (thrown instanceof ErrorException error) {
            return me.errfinish(error);
        } else if (thrown instanceof FatalError fatal) {
            return me.errfinish(fatal);
        } else if (thrown instanceof PanicError panic) {
            return me.errfinish(panic);
        }
        return thrown;
    }

}
