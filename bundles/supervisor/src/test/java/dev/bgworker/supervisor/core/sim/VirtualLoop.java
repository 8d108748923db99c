package dev.bgworker.supervisor.core.sim;

import dev.bgworker.supervisor.core.Action;
import dev.bgworker.supervisor.core.Limits;
import dev.bgworker.supervisor.core.Supervision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The loop in virtual time, step for step as {@code EventLoop}: the moment, the event, what time has brought, the pass, the
 * decisions in order. It sleeps to the next event or to what {@link Supervision#nextWake} says, and never further.
 */
final class VirtualLoop {

    final Dice dice;
    final Trace trace;
    final Agenda agenda = new Agenda();
    final Model model;
    final ExpectedStatics statics;
    final Watch watch;
    final Supervision supervision;
    /** Swapped by phase two. */
    Chances chances;
    private final Consumer<Action> played;
    private Limits limits;
    private long lastPid;
    private int steps;
    /** The loop is held up until then. */
    private Instant pausedUntil = Agenda.START;

    /** @param played who plays what a decision brings about outside */
    VirtualLoop(Dice dice, Trace trace, Chances chances, Limits limits, Consumer<Action> played) {
        this.dice = dice;
        this.trace = trace;
        this.chances = chances;
        this.limits = limits;
        this.played = played;
        model = new Model(limits);
        statics = new ExpectedStatics(model);
        supervision = new Supervision(limits, this::nextPid, dice::share);
        watch = new Watch(model, statics, supervision);
        supervision.now(agenda.now());
    }

    /** Workers and backends draw from one source. */
    long nextPid() { return ++lastPid; }

    Limits limits() { return limits; }

    Instant now() { return agenda.now(); }

    void settings(Limits next) {
        limits = next;
        step("settings " + next.maxWorkerProcesses() + " slots, " + next.maxPerLibrary() + " per library", () -> {
            model.limits = next;
            model.serveWaiting();
        }, () -> supervision.settings(next));
    }

    /** One turn of the loop: sleeps, then handles what is next. */
    void turn() {
        Optional<Instant> planned = agenda.next();
        Optional<Instant> wake = supervision.nextWake();
        Instant next = Stream.of(planned, wake).flatMap(Optional::stream).min(Instant::compareTo).orElseThrow();
        watch.sleeps(next);
        if (dice.chance(chances.pause())) {
            pausedUntil = next.plus(dice.upTo(dice.one(Duration.ofMillis(20), Duration.ofSeconds(20), Duration.ofHours(1))));
        }
        agenda.advance(next.isBefore(pausedUntil) ? pausedUntil : next);
        if (planned.isPresent() && !planned.get().isAfter(next)) {
            agenda.take().run();
        } else {
            step("time passes", () -> {}, () -> {});
        }
    }

    /** Nothing is planned and nothing is due. */
    boolean idle() {
        return agenda.next().isEmpty() && supervision.nextWake().isEmpty();
    }

    /** One event of the loop, told to the model and to the real one. */
    void step(String what, Runnable expected, Runnable real) {
        steps++;
        trace.event(now(), what);
        model.now = now();
        expected.run();
        statics.settle();
        statics.tick();
        List<Action> actions = decide(real);
        for (Action each : actions) {
            trace.decision(() -> Words.of(each));
            watch.decided(each);
        }
        watch.afterStep(now());
        if (steps % 16 == 0) {
            watch.registry();
        }
        actions.forEach(played);
    }

    private List<Action> decide(Runnable real) {
        try {
            supervision.now(now());
            real.run();
            supervision.tick();
            supervision.pass();
            return supervision.actions();
        } catch (RuntimeException | Error e) {
            throw e instanceof Broken broken ? broken : new Broken("an event threw", e);
        }
    }
}
