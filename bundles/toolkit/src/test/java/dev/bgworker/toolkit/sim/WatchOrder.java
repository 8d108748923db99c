package dev.bgworker.toolkit.sim;

import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.toolkit.WorkerSet.Strategy;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The two strategies that have an order, as OTP means them. */
final class WatchOrder {

    private final Watch watch;
    /** They share a death and are to go. */
    private final Set<VirtualWorker> sharing = new HashSet<>();
    private final Set<VirtualWorker> mayShare = new HashSet<>();
    private final Set<VirtualWorker> died = new HashSet<>();
    /** Of those, who was not seen to be back yet. */
    private final Set<VirtualWorker> returning = new HashSet<>();
    /** Keys that were once running for long without being ready. */
    private final Set<String> unready = new HashSet<>();

    WatchOrder(Watch watch) { this.watch = watch; }

    void begins() {
        sharing.clear();
        mayShare.clear();
        died.clear();
        returning.clear();
        unready.clear();
    }

    void died(VirtualWorker worker) {
        if (!watch.plan.ordered() || !watch.wanted.active(worker.key)) {
            return;
        }
        died.add(worker);
        returning.add(worker);
        boolean present = watch.last.get(worker.key) == worker;
        List<String> keys = watch.wanted.keys;
        int first = watch.plan.strategy() == Strategy.REST_FOR_ONE ? keys.indexOf(worker.key) + 1 : 0;
        for (String each : keys.subList(first, keys.size())) {
            VirtualWorker sibling = watch.last.get(each);
            if (sibling != null && !sibling.gone() && sibling != worker && !each.equals(worker.key)) {
                mayShare.add(sibling);
                if (present && watch.wanted.active(each)) {
                    sharing.add(sibling);
                }
            }
        }
    }

    void keepEnds() {
        sharing.removeIf(each -> idle(each) || !watch.wanted.active(each.key));
        for (VirtualWorker each : returning) {
            boolean early = live(each) && watch.wanted.active(each.key) && !watch.asked.contains(each) && !sharing.isEmpty();
            Broken.unless(!early, Rule.START_ORDER, () -> each + " came back before " + sharing + " have gone");
        }
        returning.removeIf(each -> live(each) || each.gone());
        for (VirtualWorker each : watch.host().registered()) {
            if (watch.ours(each) && each.state() == State.RUNNING && !each.details.ready() && old(each)) {
                unready.add(each.key);
            }
        }
    }

    private boolean old(VirtualWorker worker) {
        return !watch.host().now().isBefore(worker.startedAt.plus(watch.plan.retryInterval()));
    }

    private static boolean live(VirtualWorker worker) {
        return worker.state() == State.STARTING || worker.state() == State.RUNNING;
    }

    /** It does not run anyway. */
    private static boolean idle(VirtualWorker worker) {
        return worker.gone() || worker.state() == State.PAUSED || worker.state() == State.FAILED
                || worker.state() == State.WAITING;
    }

    /** It is told to go although it is wanted as it is. */
    boolean mayEnd(VirtualWorker worker) {
        if (mayShare.contains(worker)) {
            List<String> keys = watch.wanted.keys;
            for (String each : keys.subList(keys.indexOf(worker.key) + 1, keys.size())) {
                VirtualWorker later = watch.last.get(each);
                Broken.unless(later == null || !sharing.contains(later) || idle(later) || died.contains(worker),
                        Rule.STOP_ORDER, () -> worker + " is told to go before " + later);
            }
            return true;
        }
        return died.contains(worker);
    }

    void registers(String key) {
        for (VirtualWorker each : sharing) {
            Broken.unless(idle(each), Rule.START_ORDER, () -> key + " is launched while " + each + " is to go");
        }
        for (String each : watch.wanted.keys.subList(0, watch.wanted.keys.indexOf(key))) {
            Broken.unless(!holdsUp(each), Rule.START_ORDER,
                    () -> key + " is launched before " + each + " is up: " + inWords(watch.last.get(each)));
        }
    }

    private boolean holdsUp(String key) {
        VirtualWorker worker = watch.last.get(key);
        if (!watch.wanted.active(key)) {
            return false;
        }
        if (worker == null || worker.gone()) {
            boolean done = worker != null && !watch.asked.contains(worker) && worker.details.exitStatus() == 0;
            return !done && watch.wanted.good(key) && !full(key);
        }
        return switch (worker.state()) {
            case STOPPING, BACKOFF, ABANDONED -> true;
            case STARTING, RUNNING ->
                watch.asked.contains(worker) || !worker.details.ready() && !old(worker) && !unready.contains(key);
            default -> watch.asked.contains(worker);
        };
    }

    private static String inWords(VirtualWorker worker) { return worker == null ? "none" : worker.inWords(); }

    private boolean full(String key) {
        long group = watch.host().registered().stream()
                .filter(each -> Keys.group(each.key) == Keys.group(key)).count();
        return group >= watch.plan.perGroup();
    }

    void converged() {
        for (VirtualWorker each : sharing) {
            Broken.unless(idle(each), Rule.SHARED_DEATH, () -> each + " was not started again");
        }
    }
}
