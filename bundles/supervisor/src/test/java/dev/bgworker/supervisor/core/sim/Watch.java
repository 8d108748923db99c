package dev.bgworker.supervisor.core.sim;

import dev.bgworker.supervisor.core.Action;
import dev.bgworker.supervisor.core.Supervision;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/** Looks at each decision, and after each step at the whole, and says which rule is broken. */
final class Watch {

    private final Model model;
    private final ExpectedStatics statics;
    private final Supervision supervision;
    private final WatchShown shown;
    private final WatchTold told;
    private final WatchRuns runs;
    private int invalid;
    private int leftBehind;

    Watch(Model model, ExpectedStatics statics, Supervision supervision) {
        this.model = model;
        this.statics = statics;
        this.supervision = supervision;
        shown = new WatchShown(model, supervision);
        told = new WatchTold(model, shown);
        runs = new WatchRuns(model, supervision);
    }

    /** All that are registered, oldest first. */
    Collection<Sight> sights() { return shown.registered(); }

    /** A registration that is gone is known to who kept its handle. */
    Optional<Sight> anyGone(Dice dice) {
        return dice.any(shown.gone());
    }

    boolean allGone() { return runs.allGone(); }

    /** From now on somebody waits for the end of the last run of that library. */
    void awaitsDrain(String library) {
        runs.awaitsDrain(library);
    }

    /** The loop means to sleep until then. */
    void sleeps(Instant next) {
        Optional<Instant> due = model.nextDue();
        Broken.unless(due.isEmpty() || !due.get().isBefore(next), Rule.ON_TIME,
                () -> "something is due at " + due.orElseThrow() + ", the supervisor sleeps until " + next);
    }

    void decided(Action action) {
        if (action instanceof Action.Publish publish) {
            shown.published(publish.worker(), publish.details());
        } else if (action instanceof Action.Notify notify) {
            told.told(notify);
        } else if (action instanceof Action.Stop stop) {
            told.signalled(new Outcome.Signal(stop.pid(), false, stop.deadline()));
        } else if (action instanceof Action.Quit quit) {
            told.signalled(new Outcome.Signal(quit.pid(), true, quit.deadline()));
        } else if (action instanceof Action.Invalid refused) {
            invalid = refused.definitions().size();
        } else if (action instanceof Action.LeftBehind left) {
            leftBehind = left.workers().size();
        } else {
            runs.decided(action);
        }
    }

    void afterStep(Instant now) {
        runs.afterStep(now);
        shown.afterStep();
        told.afterStep();
        Broken.unless(invalid == statics.invalid(), Rule.LISTED,
                () -> invalid + " refused definitions are listed, it should be " + statics.invalid());
        Broken.unless(leftBehind == model.leftBehind.size(), Rule.LISTED,
                () -> leftBehind + " threads are listed as left behind, it should be " + model.leftBehind.size());
    }

    /** The dear look, now and then. */
    void registry() { shown.registry(); }

    /** After a fast shutdown whose runs are all over. */
    void nothingLeft() {
        Broken.unless(supervision.registered().isEmpty(), Rule.NOTHING_LEFT,
                () -> "registered: " + supervision.registered());
        Broken.unless(supervision.slotsInUse() == 0, Rule.NOTHING_LEFT, () -> "slots in use: " + supervision.slotsInUse());
        shown.gone().forEach(each -> Broken.unless(each.waiters.isEmpty(), Rule.WOKEN,
                () -> "still waiting for #" + each.id));
    }
}
