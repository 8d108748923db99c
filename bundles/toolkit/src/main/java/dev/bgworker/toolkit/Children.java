package dev.bgworker.toolkit;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.process.ErrorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * The table of a set's children, by key and by place ({@code LogicalRepCtx}), kept up to date with what is wanted and with
 * what handles show. The owner's thread only.
 */
final class Children<K> {

    private final Map<K, Child<K>> byKey = new LinkedHashMap<>();
    /** Two lists that change places at each keep, so that one which changes nothing makes none. */
    private List<Child<K>> inOrder = new ArrayList<>();
    private List<Child<K>> before = new ArrayList<>();
    private long keeps;

    /** In the order in which they are started; those not wanted any more come last. */
    List<Child<K>> inOrder() {
        return inOrder;
    }

    int wanted() {
        int wanted = 0;
        for (Child<K> each : inOrder) {
            wanted += each.wanted() ? 1 : 0;
        }
        return wanted;
    }

    Optional<Child<K>> find(K key) { return Optional.ofNullable(byKey.get(key)); }

    /** Those that have a registration now. */
    Map<K, BackgroundWorkerHandle> handles() {
        Map<K, BackgroundWorkerHandle> handles = new LinkedHashMap<>();
        for (Child<K> each : inOrder) {
            if (each.registered != null && !each.registered.gone()) {
                handles.put(each.key, each.registered.handle);
            }
        }
        return handles;
    }

    List<Registered<K>> registered() {
        List<Registered<K>> all = new ArrayList<>();
        inOrder.stream().filter(each -> each.registered != null).forEach(each -> all.add(each.registered));
        return all;
    }

    /** These are wanted now, in this order. */
    void want(Collection<K> wanted) {
        keeps++;
        List<Child<K>> emptied = before;
        before = inOrder;
        inOrder = emptied;
        inOrder.clear();
        for (K key : wanted) {
            Child<K> child = byKey.computeIfAbsent(key, Child::new);
            if (child.want(keeps)) {
                inOrder.add(child);
            }
        }
        for (Child<K> each : before) {
            if (!each.isWantedIn(keeps)) {
                inOrder.add(each);
            }
        }
        inOrder.forEach(each -> each.look(keeps));
    }

    /** What each wanted key is to run. One whose definition cannot be had keeps the one before. */
    void define(Function<? super K, BackgroundWorker> definition, Refusals<K> refusals, Duration now) {
        for (Child<K> each : inOrder) {
            if (each.wanted()) {
                define(each, definition, refusals, now);
            }
        }
    }

    private void define(Child<K> child, Function<? super K, BackgroundWorker> definition, Refusals<K> refusals,
            Duration now) {
        BackgroundWorker next;
        try {
            next = given(definition.apply(child.key));
        } catch (RuntimeException e) {
            refusals.failed(child, ErrorReport.dataOf(e));
            child.undefined = true;
            return;
        }
        child.complaint = child.undefined ? "" : child.complaint;
        child.undefined = false;
        if (next != child.definition && !next.equals(child.definition)) {
            child.definition = next;
            child.invalid = false;
            child.complaint = "";
            child.notBefore = now; // R237: after a deliberate change at once
        }
    }

    private static BackgroundWorker given(BackgroundWorker next) {
        if (next == null) {
            throw new ErrorException(errcode("22004", "definition of a worker is null")
                    .errhint("A key that is to have no worker is left out of those given to WorkerSet.keep."));
        }
        return next;
    }

    /** Looks at all handles; a registration that is over is forgotten, and so is a key that nobody wants. */
    void look(Duration now, Duration retryInterval) {
        boolean unwanted = false;
        for (Child<K> each : inOrder) {
            if (each.registered != null) {
                look(each, now, retryInterval);
            }
            unwanted |= each.registered == null && !each.isWantedIn(keeps);
        }
        if (unwanted) {
            inOrder.removeIf(each -> each.registered == null && !each.isWantedIn(keeps)
                    && byKey.remove(each.key, each));
        }
    }

    private static <K> void look(Child<K> child, Duration now, Duration retryInterval) {
        WorkerDetails details = child.registered.handle.details();
        if (child.registered.over(details, now, retryInterval)) {
            child.left(details, now, retryInterval);
            return;
        }
        boolean waited = !child.live();
        child.gone = details.state() == State.STOPPED;
        child.state = child.gone ? State.STOPPING : details.state();
        child.ready = details.ready();
        if (child.restarts != details.restarts() || waited && child.live()) { // a run of which nothing was heard yet
            child.restarts = details.restarts();
            child.startedAt = now;
        }
        if (child.ready) {
            child.saysReady = true;
        } else if (child.saysReady && child.state == State.RUNNING
                && now.compareTo(child.startedAt.plus(retryInterval)) >= 0) {
            child.saysReady = false;
        }
        if (child.parked() || child.state == State.WAITING) {
            child.restartsFor = ""; // it does not run, so there is nothing to restart
        }
    }

    /** When the next keep has something to do that no event tells of. */
    Optional<Duration> next(Duration now, Duration retryInterval, Refusals<K> refusals, boolean ordered) {
        Duration next = null;
        for (Child<K> each : inOrder) {
            Duration due = each.next(now, retryInterval, refusals, ordered);
            if (due != null && due.compareTo(now) > 0 && (next == null || due.compareTo(next) < 0)) {
                next = due;
            }
        }
        return Optional.ofNullable(next);
    }
}
