package dev.bgworker.toolkit.sim;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.control.WorkerEvent.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/** Looks on: what a set does in one life of its owner, against what may be done, by the host's own truth. */
class Watch {

    /** In extra of every child. */
    private static final String OWNER = "worker_set.owner_pid";

    private record Told(VirtualWorker worker, WorkerEvent event, Instant at) {}

    final Plan plan;
    final Wanted wanted;
    private final WatchOrder order;
    /** Registered last, by key, as long as the key is wanted. */
    final Map<String, VirtualWorker> last = new HashMap<>();
    private final Map<String, BackgroundWorker> definedAs = new HashMap<>();
    private final Set<String> redefined = new HashSet<>();
    /** The set has told them to end. */
    final Set<VirtualWorker> asked = new HashSet<>();
    private final Set<VirtualWorker> ours = new HashSet<>();
    private final Queue<Told> toBeTold = new ArrayDeque<>();
    private final List<Instant> deaths = new ArrayList<>();
    /** Ends of runs that failed without anybody's order. */
    private final Set<WorkerEvent> failures = new HashSet<>();
    /** What the last keep wanted. */
    final Set<String> kept = new HashSet<>();
    private Instant refusedAt = Instant.MIN;
    private VirtualHost host;
    private VirtualOwner owner;
    private VirtualThread ending;
    private int endingWith;
    private boolean givesUp;

    Watch(Plan plan, Wanted wanted) {
        this.plan = plan;
        this.wanted = wanted;
        this.order = new WatchOrder(this);
    }

    /** A new owner, who knows nothing of those before. */
    void begins(VirtualHost at, VirtualOwner life) {
        host = at;
        owner = life;
        last.clear();
        definedAs.clear();
        redefined.clear();
        asked.clear();
        ours.clear();
        toBeTold.clear();
        deaths.clear();
        wanted.held.clear();
        kept.clear();
        order.begins();
        refusedAt = Instant.MIN;
        givesUp = false;
    }

    boolean ours(VirtualWorker worker) { return ours.contains(worker); }

    VirtualHost host() { return host; }

    /** The run is over with that status, as its thread knows; the step tells the supervisor. */
    void ends(VirtualThread thread, int status, Runnable step) {
        ending = thread;
        endingWith = status;
        step.run();
        ending = null;
    }

    /** The supervisor tells. */
    void tells(VirtualWorker worker, WorkerEvent event) {
        boolean end = event.kind() == Kind.EXITED || event.kind() == Kind.START_FAILED;
        if (end && ending != null && ending.worker == worker && !ending.givenUp && failed(worker, event)) {
            failures.add(event);
        }
    }

    private boolean failed(VirtualWorker worker, WorkerEvent event) {
        boolean crash = Keys.shmem(worker.key) && endingWith == 2;
        boolean never = worker.details.definition().restart().never();
        boolean ordered = never ? event.details().state() != State.STOPPED : ending.signalled;
        return endingWith != 0 && !crash && !ordered;
    }

    /** Something is in the set's queue now. */
    void heard(VirtualWorker worker, WorkerEvent event) {
        if (ours.contains(worker)) {
            toBeTold.add(new Told(worker, event, host.now()));
        }
    }

    /** The callback of the set. */
    void told(String key, WorkerEvent event) {
        Told next = toBeTold.poll();
        Broken.unless(next != null && next.event() == event && next.worker().key.equals(key), Rule.TOLD,
                () -> key + " " + event.kind() + " instead of " + next);
    }

    void keepBegins() {
        last.keySet().removeIf(key -> !wanted.keys.contains(key));
        definedAs.keySet().removeIf(key -> !wanted.keys.contains(key));
        wanted.held.removeIf(key -> !wanted.keys.contains(key));
        for (Told each : toBeTold) {
            if (failures.contains(each.event())
                    && !(each.worker().details.definition().restart().never() && asked.contains(each.worker()))) {
                order.died(each.worker());
                deaths.add(each.at());
                deaths.removeIf(moment -> moment.isBefore(each.at().minus(plan.period())));
                if (deaths.size() > plan.intensity()) {
                    givesUp = true;
                    return;
                }
            }
        }
    }

    /** @param gaveUp whether it was FATAL */
    void keepEnds(boolean gaveUp) {
        kept.clear();
        kept.addAll(wanted.keys);
        Broken.unless(gaveUp == givesUp, Rule.INTENSITY,
                () -> (gaveUp ? "gave up" : "did not give up") + " after " + deaths.size() + " deaths");
        Broken.unless(toBeTold.isEmpty(), Rule.TOLD, () -> "not told of " + toBeTold);
        for (String each : wanted.keys) {
            if (wanted.kind(each) != Wanted.Kind.THROWS) {
                BackgroundWorker now = wanted.definition(each);
                BackgroundWorker before = definedAs.put(each, now);
                if (before != null && !before.equals(now)) {
                    redefined.add(each);
                }
            }
        }
        order.keepEnds();
    }

    void refused() { refusedAt = host.now(); }

    void registers(BackgroundWorker definition) {
        String key = definition.name();
        if (!definition.extra().containsKey(OWNER)) {
            return;
        }
        boolean defined = wanted.active(key) && wanted.kind(key) != Wanted.Kind.THROWS;
        BackgroundWorker now = defined ? wanted.definition(key) : null;
        Broken.unless(now != null && now.mainArg().equals(definition.mainArg())
                && definition.extra().get(OWNER).equals(Long.toString(owner.pid())), Rule.AS_WANTED, () -> key);
        Broken.unless(refusedAt == Instant.MIN || !host.now().isBefore(refusedAt.plus(plan.retryInterval())), Rule.REFUSED,
                () -> key + " asks, although refused at " + refusedAt);
        VirtualWorker before = last.get(key);
        if (before != null && !asked.contains(before) && !redefined.contains(key)
                && before.details.definition().mainArg().equals(now.mainArg())) {
            Broken.unless(!host.now().isBefore(before.startedAt.plus(plan.retryInterval())), Rule.RETRY_INTERVAL,
                    () -> before + " started at " + before.startedAt);
        }
        if (plan.ordered()) {
            order.registers(key);
        }
    }

    void registered(VirtualWorker worker) {
        if (!worker.details.definition().extra().containsKey(OWNER)) {
            return;
        }
        ours.add(worker);
        last.put(worker.key, worker);
        redefined.remove(worker.key);
        int all = 0;
        int group = 0;
        for (VirtualWorker each : host.registered()) {
            Broken.unless(each == worker || !each.key.equals(worker.key), Rule.ONE_PER_KEY, () -> worker + " and " + each);
            all += ours.contains(each) ? 1 : 0;
            group += ours.contains(each) && Keys.group(each.key) == Keys.group(worker.key) ? 1 : 0;
        }
        int inAll = all;
        int ofGroup = group;
        Broken.unless(all <= plan.limit() && group <= plan.perGroup(), Rule.LIMIT, () -> inAll + ", of a group " + ofGroup);
    }

    /** A keep ends it; what operators do goes another way. */
    void terminates(VirtualWorker worker) {
        String mark = worker.details.definition().extra().get(OWNER);
        boolean orphan = !mark.equals(Long.toString(owner.pid()));
        boolean caused = givesUp || worker.state() == State.ABANDONED
                || (orphan ? !host.owners.contains(Long.parseLong(mark)) : !wanted.active(worker.key) || outdated(worker));
        if (!caused) {
            Broken.unless(asked.contains(worker) || plan.ordered() && order.mayEnd(worker), Rule.NO_NEEDLESS_END,
                    () -> worker + " " + worker.state());
        }
        asked.add(worker);
    }

    private boolean outdated(VirtualWorker worker) {
        return wanted.kind(worker.key) != Wanted.Kind.THROWS
                && !wanted.definition(worker.key).mainArg().equals(worker.details.definition().mainArg());
    }

    /** A stop ends it. */
    void stops(VirtualWorker worker) { asked.add(worker); }

    /** After an exit of the owner with all its callbacks. */
    void ownerExited() {
        for (VirtualWorker each : ours) {
            Broken.unless(each.gone() || each.thread != null && !each.thread.heeds, Rule.NOBODY_LEFT,
                    () -> each + " " + each.state());
        }
    }

    /** After so long without disturbance. Whether what is wanted is there, and nothing else. */
    void converged(Duration within) {
        List<VirtualWorker> there = host.registered();
        for (VirtualWorker each : there) {
            Broken.unless(wanted.active(each.key) && ours.contains(each) && each.state() == State.RUNNING && !outdated(each),
                    Rule.CONVERGES, () -> each + " is " + each.state() + " " + each.details.reason() + " after " + within);
        }
        for (String each : wanted.keys) {
            long all = there.size();
            long group = there.stream().filter(other -> Keys.group(other.key) == Keys.group(each)).count();
            Broken.unless(!wanted.active(each) || all >= plan.limit() || group >= plan.perGroup()
                    || there.stream().anyMatch(other -> other.key.equals(each)), Rule.CONVERGES,
                    () -> each + " is missing after " + within);
        }
        order.converged();
    }
}
