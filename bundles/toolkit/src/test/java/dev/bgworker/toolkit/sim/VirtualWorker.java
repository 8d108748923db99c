package dev.bgworker.toolkit.sim;

import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.process.Held;
import dev.bgworker.supervisor.core.Registration;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/** One registration in virtual time, and its handle: what was published and told last, and who listens. */
final class VirtualWorker implements BackgroundWorkerHandle {

    final Registration registration;
    final String key;
    private final VirtualHost host;
    private final Set<Consumer<WorkerEvent>> listeners = new LinkedHashSet<>();
    private WorkerEvent last;
    WorkerDetails details;
    /** When its last run began, or when it was registered. */
    Instant startedAt;
    /** The run that goes on, or went last; null before the first. */
    VirtualThread thread;

    VirtualWorker(VirtualHost host, Registration registration, WorkerDetails details) {
        this.host = host;
        this.registration = registration;
        this.details = details;
        this.key = details.definition().name();
        this.startedAt = host.now();
    }

    State state() { return details.state(); }

    boolean gone() { return state() == State.STOPPED; }

    @Override
    public WorkerDetails details() { return details; }

    void tell(WorkerEvent event) {
        last = event;
        for (Consumer<WorkerEvent> each : Set.copyOf(listeners)) {
            host.deliver(() -> hear(each, event));
        }
    }

    private void hear(Consumer<WorkerEvent> listener, WorkerEvent event) {
        if (listeners.contains(listener)) {
            host.watch.heard(this, event);
            listener.accept(event);
        }
    }

    @Override
    public Held subscribe(Consumer<WorkerEvent> listener) {
        listeners.add(listener);
        WorkerEvent first = last;
        if (first != null) {
            host.deliver(() -> hear(listener, first));
        }
        return () -> listeners.remove(listener);
    }

    @Override
    public void terminate() {
        host.watch.terminates(this);
        host.post("terminate " + this, () -> host.supervision.terminate(registration, null));
    }

    @Override
    public void terminateWithin(Duration deadline) {
        host.watch.stops(this);
        host.post("terminate " + this + " within " + deadline, () -> host.supervision.terminate(registration, deadline));
    }

    @Override
    public void restart() { host.post("restart " + this, () -> host.supervision.restart(registration)); }

    @Override
    public void pause(String reason) { host.post("pause " + this, () -> host.supervision.pause(registration, reason)); }

    @Override
    public void resume() { host.post("resume " + this, () -> host.supervision.resume(registration)); }

    @Override
    public WorkerDetails awaitStartup(Duration timeout) { throw new UnsupportedOperationException("no keep waits"); }

    @Override
    public WorkerDetails awaitReady(Duration timeout) { throw new UnsupportedOperationException("no keep waits"); }

    @Override
    public WorkerDetails awaitShutdown(Duration timeout) { throw new UnsupportedOperationException("no keep waits"); }

    @Override
    public String toString() { return "#" + registration.id() + " " + key; }

    /** For what broke. */
    String inWords() {
        return this + " " + state() + " (" + details.reason() + "), started at " + startedAt;
    }
}
