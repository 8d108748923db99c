package dev.bgworker.supervisor.core.sim;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkers.NoWorkerSlotException;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.supervisor.VirtualHandle;
import dev.bgworker.supervisor.core.Action;
import dev.bgworker.supervisor.core.Registration;
import java.time.Duration;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** Backends and bundles that register workers, hear of them, reuse a slot as soon as they hear that it is free, and end. */
final class Registrants {

    private static final List<String> OWNERS = List.of("o0", "o1");

    private final VirtualLoop loop;
    private final Dice dice;
    private final Definitions definitions;
    private final NavigableSet<Long> backends = new TreeSet<>();
    private int registered;

    Registrants(VirtualLoop loop, Definitions definitions) {
        this.loop = loop;
        this.dice = loop.dice;
        this.definitions = definitions;
        backends.add(loop.nextPid());
        backends.add(loop.nextPid());
    }

    void register() {
        long notify = dice.chance(0.2) ? 0 : dice.any(backends).orElse(0L);
        BackgroundWorker definition = definitions.of("d" + ++registered, definitions.library(), notify);
        String owner = dice.one(OWNERS);
        Expected[] expected = new Expected[1];
        loop.step("register " + definition.name() + " of " + definition.libraryName() + "/" + definition.functionName() + " "
                + definition.restart().delay().toSeconds() + " s, " + definition.flags().size() + " flags",
                () -> expected[0] = expected(definition, owner), () -> register(definition, owner, expected[0]));
        if (expected[0] != null && dice.chance(0.5)) {
            loop.watch.sights().stream().filter(each -> each.id == expected[0].id).forEach(this::await);
        }
    }

    /** Null when it is to be refused. */
    private Expected expected(BackgroundWorker definition, String owner) {
        boolean up = loop.model.server.state() != State.STARTING;
        return up && loop.model.slotFor(definition.libraryName())
                ? loop.model.create(null, definition.name(), owner, definition)
                : null;
    }

    private void register(BackgroundWorker definition, String owner, Expected expected) {
        try {
            Registration worker = loop.supervision.register(definition, owner);
            Broken.unless(expected != null, Rule.QUOTA, () -> Words.of(worker.details()) + " should be refused");
            Broken.unless(expected.id == worker.id(), Rule.SHOWN, () -> "#" + worker.id() + " is not " + expected);
        } catch (NoWorkerSlotException e) {
            Broken.unless(expected == null && loop.model.server.state() != State.STARTING, Rule.QUOTA,
                    () -> expected + " is refused: " + e.getMessage());
        } catch (ErrorException e) {
            Broken.unless(expected == null && e.data().sqlState().equals("55000"), Rule.QUOTA,
                    () -> expected + " is refused: " + e.getMessage());
        }
    }

    void hear(Action.Notify notify) {
        if (backends.contains(notify.pid()) && notify.details().state() == WorkerDetails.State.STOPPED
                && dice.chance(loop.chances.reuse())) {
            loop.agenda.after(Duration.ZERO, this::register);
        }
    }

    void await() { dice.any(loop.watch.sights()).ifPresent(this::await); }

    private void await(Sight sight) { sight.await(dice.one(VirtualHandle.Wait.values())); }

    /** A backend ends; another one comes. */
    void come() {
        backends.pollFirst();
        backends.add(loop.nextPid());
    }

    void ownerGoes() {
        String owner = dice.one(OWNERS);
        loop.step("owner " + owner + " goes", () -> loop.statics.ownerGone(owner),
                () -> loop.supervision.ownerGone(owner));
    }
}
