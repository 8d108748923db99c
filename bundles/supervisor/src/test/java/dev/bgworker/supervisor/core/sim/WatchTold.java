package dev.bgworker.supervisor.core.sim;

import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent.Kind;
import dev.bgworker.supervisor.core.Action;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Notifications and signals of one step beside those that the contract asks for. */
final class WatchTold {

    private static final Comparator<Outcome.Signal> ANY_ORDER = Comparator.comparing(Outcome.Signal::pid)
            .thenComparing(Outcome.Signal::quit).thenComparing(Outcome.Signal::deadline);

    private final Model model;
    private final WatchShown shown;
    private final Map<Long, List<Kind>> told = new TreeMap<>();
    private final List<Outcome.Signal> signals = new ArrayList<>();

    WatchTold(Model model, WatchShown shown) {
        this.model = model;
        this.shown = shown;
    }

    void told(Action.Notify notify) {
        long id = notify.worker().id();
        WorkerDetails details = notify.details();
        WorkerDetails seen = shown.of(id);
        Broken.unless(seen != null, Rule.STALE, () -> notify.kind() + " is told of #" + id + ", which is gone");
        Broken.unless(details.equals(seen), Rule.AS_SHOWN,
                () -> notify.kind() + " is told with " + Words.of(details) + ", shown is " + Words.of(seen));
        Broken.unless(notify.pid() == details.definition().notifyPid(), Rule.TOLD,
                () -> notify.kind() + " is told to " + notify.pid());
        told.computeIfAbsent(id, key -> new ArrayList<>()).add(notify.kind());
    }

    void signalled(Outcome.Signal signal) { signals.add(signal); }

    void afterStep() {
        Map<Long, List<Kind>> due = model.outcome.told();
        Broken.unless(told.equals(due), Rule.TOLD, () -> "told is " + told + ", it should be " + due);
        List<Outcome.Signal> wanted = model.outcome.signals();
        signals.sort(ANY_ORDER);
        wanted.sort(ANY_ORDER);
        Broken.unless(signals.equals(wanted), Rule.STOPS, () -> "sent is " + signals + ", it should be " + wanted);
        told.clear();
        signals.clear();
        model.outcome.clear();
    }
}
