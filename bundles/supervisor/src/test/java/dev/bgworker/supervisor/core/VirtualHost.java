package dev.bgworker.supervisor.core;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent.Kind;
import dev.bgworker.api.process.ErrorData;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The state machine in virtual time: what was decided since the last look is in {@link #actions}. */
final class VirtualHost {

    static final String LIBRARY = "lib";
    static final Duration GRACE = Duration.ofSeconds(10);
    static final ErrorData FAILURE = ErrorData.errcode("XX000", "boom");

    final Supervision supervision;
    final StaticWorkers statics;
    private final AtomicLong pids = new AtomicLong();
    private final List<Action> told = new ArrayList<>();
    Instant now = Instant.parse("2026-01-01T00:00:00Z");

    VirtualHost(Limits limits) {
        supervision = new Supervision(limits, pids::incrementAndGet, () -> 0.5);
        supervision.now(now);
        statics = supervision.statics();
    }

    /** Still STARTING. */
    static VirtualHost starting(int slots) { return new VirtualHost(limits(slots, 100)); }

    /** At RECOVERY_FINISHED. */
    static VirtualHost up(int slots) {
        VirtualHost host = starting(slots);
        host.supervision.serverState(State.CONSISTENT);
        host.supervision.serverState(State.RECOVERY_FINISHED);
        return host;
    }

    static Limits limits(int slots, int launchesPerPass) {
        return new Limits(slots, 0, launchesPerPass, Duration.ofSeconds(30), Duration.ofSeconds(60), GRACE, true);
    }

    static BackgroundWorker.Builder worker(String name) {
        return BackgroundWorker.builder(name, LIBRARY, "main").restart(RestartPolicy.after(Duration.ofSeconds(5)));
    }

    static BackgroundWorker never(String name) { return worker(name).restart(RestartPolicy.NEVER).build(); }

    Registration register(String name) { return register(worker(name).notifyPid(1).build()); }

    Registration register(BackgroundWorker definition) {
        Registration worker = supervision.register(definition, "owner");
        supervision.pass();
        return worker;
    }

    /** Registers it and has it run. */
    Registration running(BackgroundWorker definition) {
        Registration worker = register(definition);
        begins(worker);
        actions();
        return worker;
    }

    Registration running(String name) { return running(worker(name).notifyPid(1).build()); }

    void begins(Registration worker) {
        supervision.pass();
        supervision.launched(worker.pid);
        supervision.entered(worker.pid);
    }

    void exits(Registration worker, int status) {
        supervision.now(now);
        supervision.exited(worker.pid, new Exit(status, status == 0 ? Optional.empty() : Optional.of(FAILURE)));
    }

    void after(Duration time) {
        now = now.plus(time);
        supervision.now(now);
        supervision.tick();
        supervision.pass();
    }

    void current(BackgroundWorker... declared) { statics.libraryCurrent(LIBRARY, "1.0.0", List.of(declared), Map.of()); }

    void goes(boolean removed) { statics.libraryGoes(LIBRARY, removed); }

    /** The one registered under that name. */
    Registration named(String name) {
        return all().stream().filter(each -> each.definition.name().equals(name)).findFirst().orElseThrow();
    }

    /** What it is shown as, or STOPPED when it is registered no more. */
    WorkerDetails.State shown(String name) {
        return supervision.registered().stream().filter(each -> each.definition().name().equals(name)).findFirst()
                .map(WorkerDetails::state).orElse(WorkerDetails.State.STOPPED);
    }

    static Status status(Registration worker) { return worker.details().status(); }

    static WorkerDetails.State state(Registration worker) { return worker.details().state(); }

    /** Everybody who was ever published and is registered still. */
    private List<Registration> all() {
        List<Registration> found = new ArrayList<>();
        take();
        for (Action each : told) {
            if (each instanceof Action.Publish publish) {
                found.remove(publish.worker());
                if (publish.details().state() != WorkerDetails.State.STOPPED) {
                    found.add(publish.worker());
                }
            }
        }
        return found;
    }

    private List<Action> take() {
        supervision.pass();
        List<Action> fresh = supervision.actions();
        told.addAll(fresh);
        return fresh;
    }

    /** Decided since the last look. */
    List<Action> actions() { return take(); }

    <T extends Action> List<T> actions(Class<T> type) {
        return take().stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<Kind> notifications() { return actions(Action.Notify.class).stream().map(Action.Notify::kind).toList(); }

    List<String> launches() {
        return actions(Action.Launch.class).stream().map(each -> each.details().definition().name()).toList();
    }
}
