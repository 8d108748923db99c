package dev.bgworker.toolkit;

import dev.bgworker.api.Proc;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts.Signal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;

/**
 * Children whose owner has ended without a word: QUIT and PANIC run no callbacks, and after the reset the supervisor starts
 * restartable children again, beside those that a new owner would launch. They are known by their owner's pid, which is never
 * reused. Looked for once, by the first keep of a set. The owner's thread only.
 */
final class Orphans {

    /** In {@code bgw_extra} of each child. */
    static final String OWNER = "worker_set.owner_pid";

    private final Proc owner;
    private final BackgroundWorkers workers;
    private final Logger log;
    private final Map<BackgroundWorkerHandle, Held> leaving = new HashMap<>();
    private boolean looked;

    Orphans(Proc owner, BackgroundWorkers workers, Logger log) {
        this.owner = owner;
        this.workers = workers;
        this.log = log;
    }

    /** The definition with its mark. */
    BackgroundWorker marked(BackgroundWorker given) {
        Map<String, String> extra = new HashMap<>(given.extra());
        extra.put(OWNER, Long.toString(owner.pid()));
        return new BackgroundWorker(given.name(), given.type(), given.flags(), given.startTime(), given.restart(),
                given.libraryName(), given.functionName(), given.mainArg(), extra, given.notifyPid(), given.role(),
                given.runsIn(), given.outlivesOwner());
    }

    /** Whether all are gone; until then nothing is launched, or a key would run twice. */
    boolean gone() {
        if (!looked) {
            looked = true;
            look();
        }
        if (!leaving.isEmpty()) {
            leaving.entrySet().removeIf(each -> left(each.getKey(), each.getValue()));
        }
        return leaving.isEmpty();
    }

    private void look() {
        List<BackgroundWorkerHandle> found = new ArrayList<>(workers.list());
        found.removeIf(each -> !orphan(each.details().definition().extra().get(OWNER)));
        for (BackgroundWorkerHandle each : found) {
            WorkerDetails details = each.details();
            log.info("worker set: terminating \"{}\", whose owner (PID {}) has ended", details.definition().name(),
                    details.definition().extra().get(OWNER));
            leaving.put(each, each.subscribe(event -> owner.latch().set()));
            each.terminate();
        }
    }

    /** USR1 does no more than to set the latch of a process that is there. */
    private boolean orphan(String mark) {
        return mark != null && mark.matches("\\d{1,18}") && !workers.signal(Long.parseLong(mark), Signal.USR1);
    }

    private static boolean left(BackgroundWorkerHandle orphan, Held subscription) {
        State state = orphan.details().state();
        if (state == State.ABANDONED) {
            orphan.terminate(); // once more: that drops one that is ABANDONED
        }
        if (state == State.STOPPED) {
            subscription.close();
        }
        return state == State.STOPPED;
    }

    boolean leaving() { return !leaving.isEmpty(); }

    void forget() { leaving.values().forEach(Held::close); }
}
