package dev.bgworker.supervisor.core.sim;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.process.Latch;
import dev.bgworker.supervisor.core.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** People: terminate, restart, pause, resume, also through handles of what is gone; settings; the server's state. */
final class Operators {

    private final VirtualLoop loop;
    private final Dice dice;

    Operators(VirtualLoop loop) {
        this.loop = loop;
        this.dice = loop.dice;
    }

    private Optional<Sight> worker() {
        return dice.chance(loop.chances.stale()) ? loop.watch.anyGone(dice) : dice.any(loop.watch.sights());
    }

    /** The model's view; of one that is gone, a fact sheet that nothing knows. */
    private Expected expected(Sight sight) {
        return loop.model.workers.getOrDefault(sight.id,
                new Expected(sight.id, null, "gone", "", sight.shown.definition()));
    }

    void terminate() {
        worker().ifPresent(sight -> {
            Duration deadline = dice.one(null, null, Duration.ofSeconds(1), Duration.ofSeconds(10), Latch.FOREVER);
            loop.step("terminate #" + sight.id, () -> loop.model.terminate(expected(sight), deadline),
                    () -> loop.supervision.terminate(sight.registration, deadline));
        });
    }

    void restart() {
        worker().ifPresent(sight -> loop.step("restart #" + sight.id, () -> loop.statics.restart(expected(sight)),
                () -> loop.supervision.restart(sight.registration)));
    }

    void pause() {
        worker().ifPresent(sight -> loop.step("pause #" + sight.id, () -> loop.statics.pause(expected(sight)),
                () -> loop.supervision.pause(sight.registration, "paused")));
    }

    void resume() { worker().ifPresent(this::resume); }

    private void resume(Sight sight) {
        loop.step("resume #" + sight.id, () -> loop.statics.resume(expected(sight)),
                () -> loop.supervision.resume(sight.registration));
    }

    void settings() { loop.settings(limits(1 + dice.below(8), dice.below(5), 1 + dice.below(3), dice.chance(0.9))); }

    static Limits limits(int slots, int quota, int launches, boolean restartAfterCrash) {
        return new Limits(slots, quota, launches, Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(10),
                restartAfterCrash);
    }

    void state(State next) {
        loop.step("server state " + next, () -> loop.model.serverState(next), () -> loop.supervision.serverState(next));
    }

    /** Mostly the end, or a milder or sharper one than before. */
    void anyState() {
        state(dice.chance(0.8)
                ? dice.one(State.SMART_SHUTDOWN, State.FAST_SHUTDOWN, State.IMMEDIATE_SHUTDOWN)
                : dice.one(State.values()));
    }

    void heal() {
        loop.settings(limits(100, 0, 2, true));
        for (State each : List.of(State.CONSISTENT, State.RECOVERY_FINISHED)) {
            state(each);
        }
        List.copyOf(loop.watch.sights()).forEach(this::resume);
    }
}
