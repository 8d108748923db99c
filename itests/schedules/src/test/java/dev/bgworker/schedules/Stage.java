package dev.bgworker.schedules;

import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

/** Plays one scenario again and again, on the same threads. One thread, which is the conductor. */
final class Stage {

    private final Scenario scenario;
    private final boolean spurious;
    private final List<Player> players;
    private final Semaphore over = new Semaphore(0);

    Stage(Scenario scenario, boolean spurious) {
        this.scenario = scenario;
        this.spurious = spurious;
        this.players = IntStream.range(0, scenario.threads()).mapToObj(Player::new).toList();
        players.forEach(Thread::start);
    }

    /** One schedule; null when all held. */
    Throwable play(Choices choices) throws Exception {
        Scenario.Play play = scenario.begin();
        Run run = new Run(players, choices, spurious, over::release);
        for (Player each : players) {
            Throwable failed = alone(each, () -> play.enter(each.index));
            if (failed != null) {
                return failed;
            }
        }
        players.forEach(each -> each.prepare(() -> perform(play, run, each)));
        run.start();
        over.acquire();
        if (run.failure() == null) {
            Throwable failed = thrownBy(play::check);
            if (failed != null) {
                run.fail(failed);
            }
        }
        return run.failure();
    }

    private Throwable alone(Player player, Part part) throws InterruptedException {
        Throwable[] thrown = new Throwable[1];
        player.prepare(() -> {
            thrown[0] = thrownBy(part);
            over.release();
        });
        player.giveTurn();
        over.acquire();
        return thrown[0];
    }

    private static void perform(Scenario.Play play, Run run, Player me) {
        me.run = run;
        Throwable thrown = run.failure() == null ? thrownBy(() -> play.run(me.index)) : null;
        me.run = null;
        if (thrown == null && run.failure() == null) {
            thrown = thrownBy(() -> play.leave(me.index));
        }
        run.done(me, thrown);
    }

    @FunctionalInterface
    private interface Part {
        void play() throws Exception;
    }

    private static Throwable thrownBy(Part part) {
        try {
            part.play();
            return null;
        } catch (Throwable e) { // fails the schedule
            return e;
        }
    }
}
