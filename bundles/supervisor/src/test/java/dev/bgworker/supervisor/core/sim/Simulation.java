package dev.bgworker.supervisor.core.sim;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.supervisor.core.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One schedule: a host with all who act on it, from one seed. First with faults, then healed, then shut down. */
final class Simulation {

    private static final Duration CONVERGED = Duration.ofMinutes(10);

    private final VirtualLoop loop;
    private final PlayedThreads threads;
    private final Registrants registrants;
    private final PlayedLibraries libraries;
    private final Operators operators;
    private final List<Runnable> deeds = new ArrayList<>();
    private int deedsLeft;

    Simulation(long seed, boolean traced) {
        Dice dice = new Dice(seed);
        loop = new VirtualLoop(dice, new Trace(traced), Chances.of(dice),
                Operators.limits(1 + dice.below(8), dice.below(5), dice.one(1, 2, 100), dice.chance(0.95)), this::play);
        Definitions definitions = new Definitions(dice);
        threads = new PlayedThreads(loop);
        registrants = new Registrants(loop, definitions);
        libraries = new PlayedLibraries(loop, definitions);
        operators = new Operators(loop);
        deedsLeft = 100 + dice.below(200);
    }

    List<String> trace() { return loop.trace.lines(); }

    void run() {
        plan();
        while (deedsLeft > 0) {
            loop.turn();
        }
        heal();
        if (!loop.model.server.stopping()) {
            operators.state(loop.dice.one(State.FAST_SHUTDOWN, State.IMMEDIATE_SHUTDOWN));
        }
        while (!loop.idle()) {
            loop.turn();
        }
        end();
    }

    /** Each schedule leaves out some deeds and does others often. */
    private void plan() {
        Dice dice = loop.dice;
        often(6, registrants::register, registrants::await);
        often(4, libraries::library, libraries::file, operators::terminate, operators::restart);
        often(3, operators::pause, operators::resume, operators::settings);
        often(2, registrants::ownerGoes, registrants::come);
        deeds.add(registrants::register);
        loop.agenda.after(dice.upTo(Duration.ofSeconds(1)), () -> operators.state(State.CONSISTENT));
        loop.agenda.after(dice.upTo(dice.one(Duration.ofSeconds(1), Duration.ofMinutes(1))),
                () -> operators.state(State.RECOVERY_FINISHED));
        if (dice.chance(0.3)) {
            loop.agenda.after(dice.upTo(Duration.ofMinutes(2)), operators::anyState);
            loop.agenda.after(dice.upTo(Duration.ofMinutes(3)), operators::anyState);
        }
        deed();
    }

    private void often(int atMost, Runnable... some) {
        for (Runnable each : some) {
            deeds.addAll(Collections.nCopies(loop.dice.below(atMost + 1), each));
        }
    }

    private void deed() {
        Dice dice = loop.dice;
        loop.agenda.after(dice.upTo(dice.one(Duration.ZERO, Duration.ofMillis(50), Duration.ofSeconds(2),
                Duration.ofSeconds(15))), () -> {
                    if (--deedsLeft >= 0) {
                        dice.one(deeds).run();
                        deed();
                    }
                });
    }

    private void play(Action action) {
        if (action instanceof Action.Launch launch) {
            threads.launch(launch);
        } else if (action instanceof Action.Stop stop) {
            threads.signal(stop.pid(), stop.deadline(), false);
        } else if (action instanceof Action.Quit quit) {
            threads.signal(quit.pid(), quit.deadline(), true);
        } else if (action instanceof Action.Notify notify) {
            registrants.hear(notify);
        } else if (action instanceof Action.Drained drained) {
            libraries.drained(drained.library());
        } else if (action instanceof Action.Rebuild rebuild) {
            loop.agenda.after(loop.dice.upTo(loop.dice.one(Duration.ofMillis(20), Duration.ofSeconds(2))),
                    () -> rebuilt(rebuild.epoch()));
        } else if (action instanceof Action.StopHost) {
            loop.agenda.after(loop.dice.upTo(Duration.ofSeconds(1)), () -> operators.state(State.FAST_SHUTDOWN));
        }
    }

    private void rebuilt(long epoch) {
        if (loop.dice.chance(loop.chances.rebuildFails())) {
            loop.step("rebuilding fails", loop.model.reset::rebuildFails,
                    () -> loop.supervision.rebuildFailed(PlayedThreads.FAILURE));
        } else {
            threads.memory.rebuilt();
            loop.step("rebuilt " + epoch, () -> loop.model.reset.rebuilt(epoch), () -> loop.supervision.rebuilt(epoch));
        }
    }

    /** No faults any more: in a bounded time everybody who should run runs. */
    private void heal() {
        loop.chances = Chances.healed();
        threads.heal();
        libraries.heal();
        operators.heal();
        Instant until = loop.now().plus(CONVERGED);
        while (!loop.idle() && loop.now().isBefore(until)) {
            loop.turn();
        }
        if (loop.model.server.stopping()) {
            return;
        }
        threads.memory.converged();
        for (Sight each : loop.watch.sights()) {
            WorkerDetails.State state = loop.model.server.allows(each.shown.definition())
                    ? WorkerDetails.State.RUNNING
                    : WorkerDetails.State.WAITING;
            Broken.unless(each.shown.state() == state, Rule.CONVERGES,
                    () -> "#" + each.id + " " + Words.of(each.shown) + " should be " + state);
        }
    }

    private void end() {
        loop.watch.nothingLeft();
        Broken.unless(loop.watch.allGone(), Rule.ALL_GONE, () -> "nobody was told");
    }
}
