package dev.bgworker.toolkit.sim;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.supervisor.core.Action;
import dev.bgworker.supervisor.core.Limits;
import dev.bgworker.supervisor.core.Registration;
import dev.bgworker.supervisor.core.Supervision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

import static dev.bgworker.api.process.ErrorData.errcode;

/** The real decisions of the supervisor in virtual time, as {@code EventLoop} and {@code Carrier} use them. */
final class VirtualHost implements BackgroundWorkers {

    static final String LIBRARY = "lib";

    final Dice dice;
    final Trace trace;
    final Agenda agenda = new Agenda();
    final Supervision supervision;
    final VirtualThreads threads;
    final Watch watch;
    /** Pids of owners that live. */
    final Set<Long> owners = new HashSet<>();
    private final Map<Long, VirtualWorker> workers = new TreeMap<>();
    private final Runnable reset;
    private Instant lastDelivery = Agenda.START;
    private long lastPid;
    boolean calm;
    boolean libraryGone;

    /** @param reset what happens beside the rebuilding of shared memory */
    VirtualHost(Dice dice, Trace trace, Watch watch, Runnable reset) {
        this.dice = dice;
        this.trace = trace;
        this.watch = watch;
        this.reset = reset;
        threads = new VirtualThreads(this);
        supervision = new Supervision(limits(8), this::nextPid, dice::share);
        supervision.now(now());
        step("up", () -> {
            supervision.serverState(State.CONSISTENT);
            supervision.serverState(State.RECOVERY_FINISHED);
        });
    }

    static Limits limits(int slots) {
        return new Limits(slots, 0, 100, Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(10), true);
    }

    long nextPid() { return ++lastPid; }

    Instant now() { return agenda.now(); }

    /** An event of the loop's, somewhat later. */
    void post(String what, Runnable event) {
        agenda.after(dice.upTo(Duration.ofMillis(5)), () -> step(what, event));
    }

    void step(String what, Runnable event) {
        ask(what, () -> {
            event.run();
            return null;
        });
    }

    private <T> T ask(String what, Supplier<T> event) {
        trace.event(now(), what);
        supervision.now(now());
        try {
            return event.get();
        } finally {
            supervision.tick();
            supervision.pass();
            List<Action> actions = supervision.actions();
            actions.forEach(this::play);
        }
    }

    /** One turn of the loop, not beyond that moment. */
    void turn(Instant until) {
        Optional<Instant> planned = agenda.next();
        Optional<Instant> next = Stream.of(planned, supervision.nextWake()).flatMap(Optional::stream)
                .min(Instant::compareTo);
        if (next.isEmpty() || next.get().isAfter(until)) {
            agenda.advance(until);
            return;
        }
        agenda.advance(next.get());
        if (planned.isPresent() && !planned.get().isAfter(next.get())) {
            agenda.take().run();
        } else {
            step("time passes", () -> {});
        }
    }

    private void play(Action action) {
        if (action instanceof Action.Launch launch) {
            threads.launch(worker(launch.worker(), launch.details()), launch.pid());
        } else if (action instanceof Action.Stop stop) {
            threads.signal(stop.pid(), stop.deadline(), false);
        } else if (action instanceof Action.Quit quit) {
            threads.signal(quit.pid(), quit.deadline(), true);
        } else if (action instanceof Action.Rebuild rebuild) {
            reset.run();
            agenda.after(dice.upTo(Duration.ofSeconds(2)),
                    () -> step("rebuilt", () -> supervision.rebuilt(rebuild.epoch())));
        } else if (action instanceof Action.Publish publish) {
            worker(publish.worker(), publish.details()).details = publish.details();
        } else if (action instanceof Action.Notify notify) {
            VirtualWorker worker = worker(notify.worker(), notify.details());
            trace.decision(() -> notify.kind() + " " + worker + " " + notify.details().state() + " "
                    + notify.details().exitStatus());
            WorkerEvent event = new WorkerEvent(notify.kind(), now(), worker, notify.details());
            watch.tells(worker, event);
            worker.tell(event);
        }
    }

    private VirtualWorker worker(Registration registration, WorkerDetails details) {
        return workers.computeIfAbsent(registration.id(), id -> new VirtualWorker(this, registration, details));
    }

    /** What listeners hear, one after the other and sometimes late. */
    void deliver(Runnable what) {
        Instant at = now().plus(dice.upTo(dice.one(Duration.ofMillis(2), Duration.ofMillis(50), Duration.ofSeconds(1))));
        lastDelivery = at.isBefore(lastDelivery) ? lastDelivery : at;
        agenda.after(Duration.between(now(), lastDelivery), what);
    }

    /** Registered ones, oldest first. */
    List<VirtualWorker> registered() {
        return workers.values().stream().filter(each -> !each.gone()).toList();
    }

    @Override
    public BackgroundWorkerHandle register(BackgroundWorker definition) { return register(definition, event -> {}); }

    @Override
    public BackgroundWorkerHandle register(BackgroundWorker definition, Consumer<WorkerEvent> listener) {
        watch.registers(definition);
        if (!calm && dice.chance(0.05)) {
            throw new ErrorException(errcode("53200", "out of shared memory")); // of one key, the next one may do
        }
        try {
            Registration registration = ask("register " + definition.name(),
                    () -> supervision.register(definition, "owner"));
            VirtualWorker worker = workers.get(registration.id());
            worker.subscribe(listener);
            watch.registered(worker);
            return worker;
        } catch (NoWorkerSlotException e) {
            watch.refused();
            throw e;
        }
    }

    @Override
    public List<BackgroundWorkerHandle> list() { return new ArrayList<>(registered()); }

    @Override
    public boolean signal(long pid, Signal signal) { return owners.contains(pid) || threads.alive(pid); }

    @Override
    public boolean terminate(long pid, Duration timeout) { throw new UnsupportedOperationException("no set does"); }
}
