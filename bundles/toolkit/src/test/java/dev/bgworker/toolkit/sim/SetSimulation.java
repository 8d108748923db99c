package dev.bgworker.toolkit.sim;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkers.NoWorkerSlotException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.ProcExit;
import dev.bgworker.toolkit.WorkerSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** One schedule: an owner with a set, and all who disturb it, from one seed. First with disturbances, then without. */
final class SetSimulation {

    /** Within this time after the last disturbance the wanted set is there again. */
    static final Duration BOUND = Duration.ofMinutes(3);
    private static final int KEYS = 8;

    private final Dice dice;
    private final Trace trace;
    private final Plan plan;
    private final Wanted wanted;
    private final Watch watch;
    private final VirtualHost host;
    private final boolean diesInReset;
    private VirtualOwner owner;
    private WorkerSet<String> set;
    private int deedsLeft;
    private int foreign;

    SetSimulation(long seed, boolean traced) {
        dice = new Dice(seed);
        trace = new Trace(traced);
        plan = Plan.of(dice);
        wanted = new Wanted(dice);
        watch = new Watch(plan, wanted);
        host = new VirtualHost(dice, trace, watch, this::reset);
        diesInReset = dice.chance(0.7);
        deedsLeft = 30 + dice.below(60);
        for (int key = 0; key < KEYS; key++) {
            wanted.redefine("k" + key, Wanted.Kind.GOOD);
        }
    }

    List<String> trace() { return trace.lines(); }

    void run() {
        trace.event(host.now(), plan.toString());
        wants();
        begin();
        deed();
        while (deedsLeft > 0) {
            host.turn(host.now().plus(Duration.ofHours(1)));
        }
        heal();
        Instant until = host.now().plus(BOUND);
        while (host.now().isBefore(until)) {
            host.turn(until);
        }
        watch.converged(BOUND);
        end();
    }

    private void begin() {
        owner = new VirtualOwner(host, this::keep);
        trace.event(host.now(), "owner " + owner.pid() + " begins");
        watch.begins(host, owner);
        set = WorkerSet.<String>of(owner, host, wanted::definition).retryInterval(plan.retryInterval());
        set.onEvent(watch::told);
        if (plan.limit() < Plan.NO_LIMIT) {
            set.limit(plan.limit());
        }
        if (plan.perGroup() < Plan.NO_LIMIT) {
            set.limit(plan.perGroup(), Keys::group);
        }
        if (plan.ordered() || plan.intensity() < Integer.MAX_VALUE) {
            set.strategy(plan.strategy(), plan.intensity(), plan.period());
        }
        owner.set();
    }

    private void keep() {
        trace.event(host.now(), "keep " + wanted.keys);
        watch.keepBegins();
        boolean gaveUp = false;
        try {
            set.keep(wanted.keys);
        } catch (FatalError e) {
            gaveUp = true;
        }
        watch.keepEnds(gaveUp);
        if (gaveUp) {
            host.agenda.after(Duration.ZERO, this::exit);
        } else {
            set.nextDue().ifPresent(owner::wakeIn);
        }
    }

    private void exit() {
        if (!owner.alive() || owner.busy()) {
            return;
        }
        if (owner.exit(1)) {
            watch.ownerExited();
        }
        again();
    }

    private void again() {
        VirtualOwner before = owner;
        host.agenda.after(dice.upTo(Duration.ofSeconds(5)), () -> {
            if (owner == before) {
                begin();
            }
        });
    }

    /** Shared memory is reset: an owner with access to it has gone by QUIT, without a word. */
    private void reset() {
        if (diesInReset && owner.alive()) {
            trace.event(host.now(), "owner " + owner.pid() + " is quit");
            owner.quit();
            again();
        }
    }

    private void deed() {
        host.agenda.after(dice.upTo(dice.one(Duration.ZERO, Duration.ofMillis(100), Duration.ofSeconds(3),
                Duration.ofSeconds(15))), () -> {
                    if (--deedsLeft >= 0) {
                        one().run();
                        deed();
                    }
                });
    }

    private Runnable one() {
        return switch (dice.below(16)) {
            case 0, 1, 2, 3 -> this::wants;
            case 4 -> () -> redefines(dice.one(Wanted.Kind.values()));
            case 5 -> () -> redefines(Wanted.Kind.GOOD);
            case 6 -> this::stops;
            case 7, 8 -> () -> operator(worker -> host.step("operator terminates " + worker,
                    () -> host.supervision.terminate(worker.registration, null)));
            case 9 -> () -> operator(worker -> worker.pause("maintenance"));
            case 10, 11 -> () -> operator(VirtualWorker::resume);
            case 12 -> () -> operator(VirtualWorker::restart);
            case 13 -> this::slots;
            case 14 -> dice.chance(0.3) ? this::exit : this::wants;
            default -> dice.chance(0.5) ? this::library : this::hog;
        };
    }

    private void wants() {
        if (wanted.keys.isEmpty() || dice.chance(0.2)) {
            wanted.keys.clear();
            for (int key = 0; key < KEYS; key++) {
                if (dice.chance(0.7)) {
                    wanted.keys.add(dice.below(wanted.keys.size() + 1), "k" + key);
                }
            }
        } else if (dice.chance(0.5)) {
            wanted.keys.remove(dice.below(wanted.keys.size()));
        } else {
            String key = "k" + dice.below(KEYS);
            if (!wanted.keys.contains(key)) {
                wanted.keys.add(dice.below(wanted.keys.size() + 1), key);
            }
        }
        wake();
    }

    private void wake() {
        if (owner != null) {
            owner.set();
        }
    }

    private void redefines(Wanted.Kind kind) {
        wanted.redefine("k" + dice.below(KEYS), kind);
        wake();
    }

    private void stops() {
        if (wanted.keys.isEmpty() || !owner.alive() || owner.busy()) {
            return;
        }
        String key = dice.one(wanted.keys);
        trace.event(host.now(), "stop " + key);
        owner.during(() -> {
            boolean known = watch.kept.contains(key);
            boolean gone = set.stop(key, dice.upTo(Duration.ofSeconds(10)));
            if (known) {
                wanted.held.add(key);
            }
            Broken.unless(gone == host.registered().stream().noneMatch(each -> each.key.equals(key) && watch.ours(each)),
                    Rule.NOBODY_LEFT, () -> "stop of " + key);
        });
        owner.set();
    }

    private void operator(Consumer<VirtualWorker> does) { dice.any(host.registered()).ifPresent(does); }

    private void slots() {
        int slots = dice.one(0, 2, 4, 8, 20);
        host.step(slots + " slots", () -> host.supervision.settings(VirtualHost.limits(slots)));
    }

    private void hog() {
        BackgroundWorker definition = BackgroundWorker.builder("f" + ++foreign * 10, "other", "main").build();
        try {
            host.step("register " + definition.name(), () -> host.supervision.register(definition, "other"));
        } catch (NoWorkerSlotException expected) {
            trace.event(host.now(), "no slot for " + definition.name());
        }
    }

    private void library() {
        host.libraryGone = !host.libraryGone;
        host.step(host.libraryGone ? "library goes" : "library comes", () -> {
            if (host.libraryGone) {
                host.supervision.statics().libraryGoes(VirtualHost.LIBRARY, dice.chance(0.3));
            } else {
                host.supervision.statics().libraryCurrent(VirtualHost.LIBRARY, "1.0.0", List.of(), Map.of());
            }
        });
    }

    private void heal() {
        host.calm = true;
        Instant last = host.now().plus(Duration.ofMillis(10)); // what operators have asked for is done by then
        while (host.now().isBefore(last)) {
            host.turn(last);
        }
        trace.event(host.now(), "no disturbance from here on");
        host.threads.heal();
        wanted.heal();
        host.step("100 slots", () -> host.supervision.settings(VirtualHost.limits(100)));
        if (host.libraryGone) {
            library();
        }
        for (VirtualWorker each : host.registered()) {
            if (each.key.startsWith("f")) {
                host.step("terminate " + each, () -> host.supervision.terminate(each.registration, null));
            } else {
                host.step("resume " + each, () -> host.supervision.resume(each.registration));
            }
        }
        wake();
    }

    private void end() {
        if (owner.alive() && !owner.busy()) {
            boolean whole = owner.exit(0);
            if (whole) {
                watch.ownerExited();
            }
        }
    }

    /** Once more, with each event as a line; the last one tells what broke, if anything did. */
    static List<String> trace(long seed) {
        SetSimulation simulation = new SetSimulation(seed, true);
        List<String> lines = new ArrayList<>();
        try {
            simulation.run();
        } catch (Broken | ProcExit | IllegalStateException e) {
            lines.add("BROKEN " + e.getMessage());
        }
        lines.addAll(0, simulation.trace());
        return lines;
    }
}
