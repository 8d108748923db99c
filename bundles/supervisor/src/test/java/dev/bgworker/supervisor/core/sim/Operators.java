package dev.bgworker.supervisor.core.sim;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.process.Latch;
import dev.bgworker.supervisor.core.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** People: terminate, restart, pause, resume, also through handles of what is gone; settings; the server's state. */
final class Operators {

    private final Host host;
    private final Dice dice;

    Operators(Host host) {
        this.host = host;
        this.dice = host.dice;
    }

    private Optional<Sight> worker() {
        return dice.chance(host.chances.stale()) ? host.watch.anyGone(dice) : dice.any(host.watch.sights());
    }

    /** The model's view; of one that is gone, a fact sheet that nothing knows. */
    private Expected expected(Sight sight) {
        return host.model.workers.getOrDefault(sight.id,
                new Expected(sight.id, null, "gone", "", sight.shown.definition()));
    }

    void terminate() {
        worker().ifPresent(sight -> {
            Duration deadline = dice.one(null, null, Duration.ofSeconds(1), Duration.ofSeconds(10), Latch.FOREVER);
            host.step("terminate #" + sight.id, () -> host.model.terminate(expected(sight), deadline),
                    () -> host.supervision.terminate(sight.registration, deadline));
        });
    }

    void restart() {
        worker().ifPresent(sight -> host.step("restart #" + sight.id, () -> host.statics.restart(expected(sight)),
                () -> host.supervision.restart(sight.registration)));
    }

    void pause() {
        worker().ifPresent(sight -> host.step("pause #" + sight.id, () -> host.statics.pause(expected(sight)),
                () -> host.supervision.pause(sight.registration, "paused")));
    }

    void resume() { worker().ifPresent(this::resume); }

    private void resume(Sight sight) {
        host.step("resume #" + sight.id, () -> host.statics.resume(expected(sight)),
                () -> host.supervision.resume(sight.registration));
    }

    void settings() {
        host.settings(limits(1 + dice.below(6), dice.below(4), 1 + dice.below(3), dice.chance(0.9)));
    }

    static Limits limits(int slots, int quota, int launches, boolean restartAfterCrash) {
        return new Limits(slots, quota, launches, Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(10),
                restartAfterCrash);
    }

    void state(State next) {
        host.step("server state " + next, () -> host.model.serverState(next), () -> host.supervision.serverState(next));
    }

    void anyState() { state(dice.one(State.values())); }

    void heal() {
        host.settings(limits(100, 0, 2, true));
        for (State each : List.of(State.CONSISTENT, State.RECOVERY_FINISHED)) {
            state(each);
        }
        List.copyOf(host.watch.sights()).forEach(this::resume);
    }
}
