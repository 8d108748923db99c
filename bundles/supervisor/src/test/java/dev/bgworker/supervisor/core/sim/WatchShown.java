package dev.bgworker.supervisor.core.sim;

import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.supervisor.VirtualHandle;
import dev.bgworker.supervisor.core.Registration;
import dev.bgworker.supervisor.core.Supervision;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What is published of each worker, beside what is registered and what the contract expects; slots; who waits. */
final class WatchShown {

    private static final int REMEMBERED = 20;

    private final Model model;
    private final Supervision supervision;
    private final Map<Long, Sight> registered = new TreeMap<>();
    /** Dropped in this step, whose last notifications may still come. */
    private final Map<Long, Sight> leaving = new TreeMap<>();
    private final Deque<Sight> gone = new ArrayDeque<>();
    private final Map<Integer, Long> holders = new TreeMap<>();
    private final Map<Integer, Long> generations = new TreeMap<>();
    private long lastId;

    WatchShown(Model model, Supervision supervision) {
        this.model = model;
        this.supervision = supervision;
    }

    Collection<Sight> registered() { return registered.values(); }

    Collection<Sight> gone() { return gone; }

    /** What is shown of it now, or null when it was gone before this step. */
    WorkerDetails of(long id) {
        Sight sight = registered.getOrDefault(id, leaving.get(id));
        return sight == null ? null : sight.shown;
    }

    void published(Registration registration, WorkerDetails details) {
        long id = registration.id();
        Sight sight = registered.get(id);
        if (sight == null) {
            Broken.unless(id > lastId, Rule.STALE, () -> "#" + id + " is gone, and shown as " + Words.of(details));
            lastId = id;
            sight = new Sight(registration, details);
            registered.put(id, sight);
        }
        backward(sight.shown, details);
        sight.runEnded |= sight.shown.pid() != 0 && details.pid() != sight.shown.pid();
        slot(sight, details);
        sight.shown = details;
        sight.handle.publish(details);
        if (sight.gone()) {
            registered.remove(id);
            leaving.put(id, sight);
            gone.addLast(sight);
            if (gone.size() > REMEMBERED) {
                gone.removeFirst();
            }
        }
    }

    private void backward(WorkerDetails before, WorkerDetails now) {
        boolean other = before.status() == Status.STARTED && now.status() != Status.STOPPED && now.pid() != before.pid();
        Broken.unless(!other || model.ofPid(before.pid()).isEmpty(), Rule.NOT_BACKWARD,
                () -> "PID " + before.pid() + " is still there, shown was " + Words.of(before) + ", then " + Words.of(now));
    }

    private void slot(Sight sight, WorkerDetails now) {
        if (sight.slot >= 0) {
            if (now.state() == State.STOPPED) {
                Broken.unless(now.slot() == -1, Rule.SLOT_KEPT,
                        () -> "slot " + now.slot() + " is not free: " + Words.of(now));
                holders.remove(sight.slot);
            } else {
                Broken.unless(now.slot() == sight.slot && now.generation() == sight.generation, Rule.SLOT_KEPT,
                        () -> "slot " + sight.slot + "/" + sight.generation + " became " + Words.of(now));
            }
        } else if (now.slot() >= 0) {
            granted(sight, now);
        }
    }

    private void granted(Sight sight, WorkerDetails now) {
        int slot = now.slot();
        Broken.unless(holders.putIfAbsent(slot, sight.id) == null, Rule.SLOTS_ADD_UP,
                () -> "slot " + slot + " has two holders: #" + holders.get(slot) + " and #" + sight.id);
        for (int lower = 0; lower < slot; lower++) {
            int free = lower;
            Broken.unless(holders.containsKey(free), Rule.LOWEST_SLOT, () -> slot + " was taken, " + free + " is free");
        }
        Broken.unless(now.generation() == generations.merge(slot, 1L, Long::sum), Rule.LOWEST_SLOT,
                () -> "generation " + now.generation() + " of slot " + slot + ", it should be " + generations.get(slot));
        sight.slot = slot;
        sight.generation = now.generation();
    }

    void afterStep() {
        Broken.unless(supervision.slotsInUse() == holders.size(), Rule.SLOTS_ADD_UP,
                () -> supervision.slotsInUse() + " slots in use, shown are " + holders);
        for (Sight each : registered.values()) {
            Expected expected = model.workers.get(each.id);
            Broken.unless(expected != null, Rule.STATE, () -> "it should be gone: #" + each.id + " " + Words.of(each.shown));
            compare(expected, each.shown);
            Broken.unless(each.shown.equals(each.registration.details()), Rule.SHOWN,
                    () -> "shown is " + each.shown + ", it is " + each.registration.details());
            wake(each);
        }
        for (Expected each : model.workers.values()) {
            Broken.unless(registered.containsKey(each.id), Rule.STATE, () -> each + " is gone, it should be "
                    + model.words(each));
        }
        leaving.values().forEach(this::wake);
        leaving.clear();
    }

    /** Who could go on was woken by what was published, and has nothing to wait for any more. */
    private void wake(Sight sight) {
        sight.waiters.removeIf(VirtualHandle.Waiter::done);
        for (VirtualHandle.Waiter each : sight.waiters) {
            Broken.unless(!each.due(sight.registration.details()), Rule.WOKEN,
                    () -> "not woken by " + Words.of(sight.shown));
            Broken.unless(each.what() != VirtualHandle.Wait.SHUTDOWN || !sight.runEnded, Rule.WOKEN,
                    () -> "who waits for the end missed that of a run, now " + Words.of(sight.shown));
        }
        sight.runEnded = false;
    }

    private void compare(Expected expected, WorkerDetails now) {
        State state = model.state(expected);
        if (expected.holdsSlot != now.slot() >= 0) {
            throw new Broken(Rule.BY_AGE,
                    expected + (expected.holdsSlot ? " should hold a slot: " : " should wait: ") + Words.of(now));
        }
        Broken.unless(now.state() == state, Rule.STATE,
                () -> expected + " is " + Words.of(now) + ", it should be " + model.words(expected));
        Status status = status(expected, state);
        Broken.unless(now.status() == status && now.pid() == (expected.running ? expected.pid : 0), Rule.STATUS,
                () -> expected + " is " + Words.of(now) + ", it should be " + status);
        delay(expected, now);
        Broken.unless(now.exitStatus() == expected.exitStatus && now.restarts() == Math.max(0, expected.launches - 1)
                && now.ready() == (expected.running && expected.ready) && now.owner().equals(expected.owner)
                && now.definition().equals(expected.definition), Rule.COUNTERS,
                () -> expected + " is " + Words.of(now) + ", expected are exit status " + expected.exitStatus + ", launches "
                        + expected.launches);
    }

    private static Status status(Expected expected, State state) {
        return switch (state) {
            case WAITING -> Status.NOT_YET_STARTED;
            case STARTING, RUNNING, STOPPING -> expected.running ? Status.STARTED : Status.NOT_YET_STARTED;
            default -> Status.STOPPED;
        };
    }

    private void delay(Expected expected, WorkerDetails now) {
        Optional<Instant> next = now.nextStart();
        Broken.unless(next.isPresent() == (now.state() == State.BACKOFF), Rule.DELAY,
                () -> expected + " is " + Words.of(now));
        if (next.isPresent()) {
            Broken.unless(!next.get().isBefore(expected.dueFrom) && !next.get().isAfter(expected.dueTo), Rule.DELAY,
                    () -> expected + " is " + Words.of(now) + ", it should start from " + expected.dueFrom + " to "
                            + expected.dueTo);
            expected.dueFrom = next.get();
            expected.dueTo = next.get();
        }
    }

    /** The dear look: exactly what is published is registered. */
    void registry() {
        List<WorkerDetails> all = new ArrayList<>();
        registered.values().forEach(each -> all.add(each.shown));
        Broken.unless(supervision.registered().equals(all), Rule.SHOWN,
                () -> "registered is " + supervision.registered() + ", shown is " + all);
    }
}
