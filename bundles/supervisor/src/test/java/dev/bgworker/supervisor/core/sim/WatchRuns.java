package dev.bgworker.supervisor.core.sim;

import dev.bgworker.supervisor.core.Action;
import dev.bgworker.supervisor.core.Supervision;
import java.time.Instant;
import java.util.NavigableSet;
import java.util.TreeSet;

/** Launches, resets, drains and the end: what the supervisor asks of the host beside signals. */
final class WatchRuns {

    private final Model model;
    private final Supervision supervision;
    private final NavigableSet<String> awaited = new TreeSet<>();
    private final NavigableSet<String> drained = new TreeSet<>();
    private long lastPid;
    private int launches;
    private boolean allGone;

    WatchRuns(Model model, Supervision supervision) {
        this.model = model;
        this.supervision = supervision;
    }

    boolean allGone() { return allGone; }

    void awaitsDrain(String library) { awaited.add(library); }

    void decided(Action action) {
        if (action instanceof Action.Launch launch) {
            launched(launch);
        } else if (action instanceof Action.Rebuild rebuild) {
            Broken.unless(
                    model.reset.rebuildDue() && model.limits.restartAfterCrash()
                            && rebuild.epoch() == model.reset.epoch() + 1,
                    Rule.REBUILD, () -> "epoch " + rebuild.epoch() + " asked for after " + model.reset.epoch());
            model.reset.rebuildAsked();
        } else if (action instanceof Action.StopHost stop) {
            Broken.unless(model.reset.rebuildFailed() || model.reset.rebuildDue() && !model.limits.restartAfterCrash(),
                    Rule.REBUILD,
                    () -> "the host is stopped: " + stop.why());
            Broken.unless(stop.status() == 1, Rule.HOST_STATUS, () -> "status " + stop.status());
            model.reset.rebuildAsked();
        } else if (action instanceof Action.Drained gone) {
            Broken.unless(!model.runsOf(gone.library()), Rule.DRAINED, () -> gone.library() + " still has runs");
            drained.add(gone.library());
        } else if (action instanceof Action.AllGone) {
            Broken.unless(model.server.stopping() && model.running() == 0, Rule.ALL_GONE,
                    () -> "told in " + model.server.state() + " with " + model.running() + " runs");
            allGone = true;
        }
    }

    private void launched(Action.Launch launch) {
        Expected worker = model.workers.get(launch.worker().id());
        Broken.unless(worker != null, Rule.MAY_START, () -> "launch of #" + launch.worker().id() + ", which is gone");
        Broken.unless(!worker.running && !worker.abandoned, Rule.ONE_LIVE_RUN,
                () -> worker + " is launched as " + launch.pid() + " while " + worker.pid + " is there");
        Broken.unless(model.mayStart(worker), Rule.MAY_START,
                () -> worker + " is launched, it should be " + model.words(worker));
        Broken.unless(launch.pid() > lastPid && launch.details().pid() == launch.pid(), Rule.NEW_PID,
                () -> worker + " is launched as " + launch.pid() + " after " + lastPid);
        lastPid = launch.pid();
        launches++;
        model.runs.launch(worker, launch.pid());
    }

    void afterStep(Instant now) {
        long left = model.workers.values().stream().filter(model::mayStart).count();
        int most = model.limits.launchesPerPass();
        boolean awake = supervision.nextWake().filter(when -> !when.isAfter(now)).isPresent();
        Broken.unless(launches <= most && (left == 0 || launches == most && awake), Rule.ALL_STARTED,
                () -> launches + " launches in a pass of " + most + ", " + left + " are left over");
        Broken.unless(left > 0 || !awake, Rule.ON_TIME, () -> "the supervisor wakes although nothing is due");
        launches = 0;
        Broken.unless(!model.reset.rebuildDue(), Rule.REBUILD, () -> "nobody of the old epoch runs, and nothing is rebuilt");
        Broken.unless(allGone || !model.server.stopping() || model.running() > 0, Rule.ALL_GONE, () -> "nobody was told");
        Broken.unless(!model.server.stopping() || supervision.hostStatus() == model.hostStatus(), Rule.HOST_STATUS,
                () -> supervision.hostStatus() + ", it should be " + model.hostStatus());
        model.reset.memory.users().forEach(each -> Broken.unless(
                model.ofPid(each).filter(worker -> worker.running).isPresent() || model.reset.undecided(each)
                        || model.reset.under() || model.server.stopping(),
                Rule.HELD_BY_THE_LIVING, () -> each + " is gone, and uses shared memory"));
        for (String each : awaited) {
            Broken.unless(drained.contains(each) || model.runsOf(each), Rule.DRAINED, () -> each + ": nobody was told");
        }
        awaited.removeAll(drained);
        drained.clear();
    }
}
