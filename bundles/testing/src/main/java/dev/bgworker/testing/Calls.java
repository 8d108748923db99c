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
import java.util.function.Supplier;

/** What one worker has called of the host, over all its runs, and what is to happen at which call. Thread-safe. */
final class Calls {

    /** What happens at a call, on the worker's thread; what it throws is thrown there. */
    @FunctionalInterface
    interface Happening {
        void at(Session session) throws Throwable;
    }

    /**
     * @param nth as it was asked for
     * @param number among all calls
     */
    record Plan(ApiMethod method, long nth, long number, boolean after, Happening happening) {}

    private final Supplier<ProcArray> procs;
    /** All guarded by this. */
    /** By the classes of what was called. */
    private final Map<ApiMethod, Long> counts = new HashMap<>();
    private final List<Plan> plans = new ArrayList<>();
    private final Set<Long> pids = new HashSet<>();

    Calls(Supplier<ProcArray> procs) { this.procs = procs; }

    /** A run of it begins. */
    synchronized void begins(long pid) { pids.add(pid); }

    synchronized boolean ranAs(long pid) { return pids.contains(pid); }

    WorkerContext watched(WorkerContext worker) {
        return (WorkerContext) new CallProxies(this).wrap(WorkerContext.class, worker);
    }

    synchronized long count(ApiMethod method) {
        return counts.entrySet().stream().filter(each -> method.covers(each.getKey())).mapToLong(Map.Entry::getValue).sum();
    }

    /** @param nth from now on, 1 for the next */
    synchronized void plan(ApiMethod method, long nth, boolean after, Happening happening) {
        if (nth < 1) {
            throw new IllegalArgumentException("the next call is number 1, not " + nth);
        }
        plans.add(new Plan(method, nth, count(method) + nth, after, happening));
    }

    /** What was planned and has not come, in words. */
    synchronized List<String> pending() {
        return plans.stream()
                .map(each -> "call " + each.nth() + " of " + each.method() + " from when that was planned: there were "
                        + (count(each.method()) - each.number() + each.nth()))
                .toList();
    }

    /** Counts it, and tells what was planned for it. */
    synchronized List<Plan> begins(ApiMethod called) {
        counts.merge(called, 1L, Long::sum);
        return plans.stream().filter(each -> each.method().covers(called) && each.number() == count(each.method())).toList();
    }

    /** Lets happen what is to happen before, or after, the call. */
    void happens(List<Plan> planned, boolean after, Session session) throws Throwable {
        for (Plan each : planned) {
            if (each.after() != after) {
                continue;
            }
            done(each);
            try {
                each.happening().at(session);
            } catch (Throwable e) {
                throw raised(e, session);
            }
        }
    }

    private synchronized void done(Plan plan) { plans.remove(plan); }

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
