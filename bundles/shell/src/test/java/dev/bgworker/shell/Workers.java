package dev.bgworker.shell;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A server whose workers are what a test says; a registered one runs at once, a terminated one is gone at once. */
final class Workers implements BackgroundWorkers, Server {

    /** The pid of a process that is no worker. */
    static final long BACKEND = 77;

    State state = State.RECOVERY_FINISHED;
    final List<Handle> handles = new ArrayList<>();
    /** Shown and without a handle. */
    final List<WorkerDetails> unregistered = new ArrayList<>();
    final List<ActivityRow> activity = new ArrayList<>();
    final List<LockRow> locks = new ArrayList<>();
    final List<String> asked = new ArrayList<>();
    int reloads;
    /** What a signal that was sent does. */
    volatile Runnable signalled = () -> {};
    private ErrorException refusal;

    static WorkerDetails details(String name, long pid, WorkerDetails.State state) {
        return details(BackgroundWorker.builder(name, "worker_spi", "worker_spi_main").build(), pid, state);
    }

    static WorkerDetails details(BackgroundWorker definition, long pid, WorkerDetails.State state) {
        return details(definition, 0, pid, state);
    }

    static WorkerDetails details(BackgroundWorker definition, int slot, long pid, WorkerDetails.State state) {
        BackgroundWorkerHandle.Status status = switch (state) {
            case RUNNING, STOPPING -> BackgroundWorkerHandle.Status.STARTED;
            case WAITING, STARTING -> BackgroundWorkerHandle.Status.NOT_YET_STARTED;
            default -> BackgroundWorkerHandle.Status.STOPPED;
        };
        return new WorkerDetails(definition, slot, 1, status, state, "", pid, false, -1, Optional.empty(), 0,
                Optional.empty(),
                "dev.bgworker.shell");
    }

    Handle add(WorkerDetails details) {
        Handle handle = new Handle(details);
        handles.add(handle);
        return handle;
    }

    /** What the next registrations are answered with. */
    void refuse(ErrorException with) { refusal = with; }

    @Override
    public BackgroundWorkerHandle register(BackgroundWorker worker, Consumer<WorkerEvent> listener) {
        throw new UnsupportedOperationException("no command listens");
    }

    @Override
    public BackgroundWorkerHandle register(BackgroundWorker worker) {
        if (refusal != null) {
            throw refusal;
        }
        return add(details(worker, 100 + handles.size(), WorkerDetails.State.RUNNING));
    }

    @Override
    public List<BackgroundWorkerHandle> list() { return List.copyOf(handles); }

    @Override
    public boolean signal(long pid, Interrupts.Signal signal) {
        boolean known = pid == BACKEND || handles.stream().anyMatch(each -> each.details().pid() == pid);
        if (known) {
            asked.add(signal + " " + pid);
            signalled.run();
        }
        return known;
    }

    @Override
    public boolean terminate(long pid, Duration timeout) { return signal(pid, Interrupts.Signal.TERM); }

    @Override
    public State state() { return state; }

    @Override
    public void reload() { reloads++; }

    @Override
    public List<WorkerDetails> workers() {
        return Stream.concat(handles.stream().map(Handle::details), unregistered.stream()).toList();
    }

    @Override
    public List<LibraryRow> libraries() {
        return List.of(new LibraryRow("worker_spi", "1.0.0", "deploy/worker_spi-1.0.0.jar", "current", null));
    }

    @Override
    public void promote() { asked.add("promote"); }

    @Override
    public void shutdown(State mode) { asked.add("shutdown " + mode); }

    @Override
    public List<ActivityRow> activity() { return activity; }

    @Override
    public List<LockRow> locks() { return locks; }

    @Override
    public List<WaitEventRow> waitEvents() { return List.of(new WaitEventRow("Lock", "advisory", "Waiting")); }

    @Override
    public List<ShmemRow> shmem() {
        return List.of(new ShmemRow("epoch", "0", 640, "1 of 69 segments"),
                new ShmemRow("spare", null, 1024, "of 2048 bytes"),
                new ShmemRow("segment", "1", 640, "mapped by 2"));
    }

    @Override
    public List<Long> reload(Duration wait) {
        reload();
        return wait.isZero() ? List.of(7L, 8L) : List.of();
    }

    static final class Handle implements BackgroundWorkerHandle {

        private WorkerDetails details;
        private UnaryOperator<WorkerDetails> onTerminate = now -> Workers.details(now.definition(), 0,
                WorkerDetails.State.STOPPED);
        private UnaryOperator<WorkerDetails> onStart = UnaryOperator.identity();
        private WorkerEvent.Kind started;
        final List<Consumer<WorkerEvent>> listeners = new ArrayList<>();
        int terminated;
        final List<String> asked = new ArrayList<>();
        Duration readyAwaited;

        Handle(WorkerDetails details) { this.details = details; }

        Handle onTerminate(UnaryOperator<WorkerDetails> change) {
            onTerminate = change;
            return this;
        }

        @Override
        public WorkerDetails details() { return details; }

        @Override
        public WorkerDetails awaitStartup(Duration timeout) { return details; }

        @Override
        public WorkerDetails awaitReady(Duration timeout) {
            readyAwaited = timeout;
            return details;
        }

        @Override
        public WorkerDetails awaitShutdown(Duration timeout) { return details; }

        @Override
        public void terminate() {
            terminated++;
            details = onTerminate.apply(details);
        }

        @Override
        public void terminateWithin(Duration deadline) { terminate(); }

        /** What follows a restart or a resume, as its listeners hear of it. */
        Handle onStart(WorkerEvent.Kind kind, UnaryOperator<WorkerDetails> change) {
            started = kind;
            onStart = change;
            return this;
        }

        @Override
        public void restart() {
            asked.add("restart");
            start();
        }

        @Override
        public void pause(String reason) {
            asked.add("pause " + reason);
            details = onTerminate.apply(details);
        }

        @Override
        public void resume() {
            asked.add("resume");
            start();
        }

        private void start() {
            if (started != null) {
                details = onStart.apply(details);
                listeners.forEach(each -> each.accept(new WorkerEvent(started, Instant.EPOCH, this, details)));
            }
        }

        @Override
        public Held subscribe(Consumer<WorkerEvent> listener) {
            listener.accept(new WorkerEvent(WorkerEvent.Kind.STARTED, Instant.EPOCH, this, details));
            listeners.add(listener);
            return () -> listeners.remove(listener);
        }
    }
}
