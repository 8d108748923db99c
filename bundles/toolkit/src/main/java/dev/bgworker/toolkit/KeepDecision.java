package dev.bgworker.toolkit;

import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.toolkit.Deed.Launch;
import dev.bgworker.toolkit.Deed.Settle;
import dev.bgworker.toolkit.Deed.Terminate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is to be done so that what is becomes what is wanted: a function of the children and the time, which changes neither.
 *
 * @param room what the limits leave
 * @param patience how long a started child that is not ready holds up those after it
 * @param ordered whether children are started one after the other
 * @param refusals who need not ask for a slot now
 */
record KeepDecision<K>(Room<K> room, Duration patience, boolean ordered, Refusals<K> refusals) {

    /** @param children in the order in which they are started */
    List<Deed<K>> of(List<Child<K>> children, Duration now) {
        List<Deed<K>> deeds = new ArrayList<>(0);
        boolean stopping = ends(children, deeds);
        if (ordered) {
            inOrder(children, now, !stopping, deeds);
        } else {
            asTheyCome(children, now, deeds);
        }
        return deeds;
    }

    /** The last one first. True when one that shares a sibling's death is still there. */
    private boolean ends(List<Child<K>> children, List<Deed<K>> deeds) {
        boolean stopping = false;
        for (int i = children.size() - 1; i >= 0; i--) {
            Child<K> each = children.get(i);
            if (!each.isRegistered() || each.gone) {
                continue;
            }
            boolean shares = !each.restartsFor.isEmpty();
            if (each.state == State.ABANDONED) {
                deeds.add(new Terminate<>(each, "it was given up")); // once more: that drops one that is ABANDONED
            } else if (each.told || each.wanted() && each.state == State.PAUSED) {
                stopping |= shares;
                continue;
            } else if (!each.wanted()) {
                deeds.add(new Terminate<>(each, each.heldOut ? "it was stopped" : "it is not wanted any more"));
            } else if (each.replaced()) {
                deeds.add(new Terminate<>(each, "its definition was changed"));
            } else if (shares && !stopping) {
                deeds.add(new Terminate<>(each, "its sibling \"" + each.restartsFor + "\" died"));
            }
            stopping |= shares;
        }
        return stopping;
    }

    /** One at a time, each when those before it are up. */
    private void inOrder(List<Child<K>> children, Duration now, boolean mayStart, List<Deed<K>> deeds) {
        boolean open = mayStart;
        Room.Count<K> left = null;
        for (Child<K> each : children) {
            if (!each.wanted()) {
                continue;
            }
            if (each.comesBack && each.live() && !each.told) {
                deeds.add(open ? new Settle<>(each) : new Terminate<>(each, "it came back before its turn"));
            }
            if (open && due(each, now)) {
                left = left == null ? room.count(children) : left;
                if (left.takes(each)) {
                    deeds.add(new Launch<>(each));
                    open = false;
                }
            } else {
                open &= !each.holdsUp(now, patience);
            }
        }
    }

    private boolean due(Child<K> child, Duration now) { return child.launchable(now) && !refusals.refused(child, now); }

    /** Who has not run for longest comes first, so that no key waits for ever where the limits leave less than is wanted. */
    private void asTheyCome(List<Child<K>> children, Duration now, List<Deed<K>> deeds) {
        List<Child<K>> due = new ArrayList<>(0);
        for (Child<K> each : children) {
            if (due(each, now)) {
                due.add(each);
            }
        }
        if (due.isEmpty()) {
            return;
        }
        Room.Count<K> left = room.count(children);
        if (room.limited()) {
            due.sort(Comparator.comparing((Child<K> each) -> each.startedAt,
                    Comparator.nullsFirst(Comparator.naturalOrder())));
        }
        for (Child<K> each : due) {
            if (left.takes(each)) {
                deeds.add(new Launch<>(each));
            }
        }
    }
}
