package dev.bgworker.supervisor;

import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.process.Held;
import dev.bgworker.supervisor.core.Registration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What handles see of one registration: the details published last. Written by the loop alone, read by everybody. */
final class WorkerCell {

    private final Registration registration;
    private final Set<Runnable> watchers = ConcurrentHashMap.newKeySet();
    private volatile WorkerDetails details;
    /** The details of the stop seen last, kept for who waits for one and looks when the next run has begun. */
    private volatile WorkerDetails lastStop;
    private volatile boolean supervisorDied;
    /** Asked for and not yet looked at, so that asking without end fills no queue. */
    private final AtomicBoolean terminateAsked = new AtomicBoolean();
    private final Executor events;
    /** Guarded by this, with what was told last, so that a new listener misses nothing and hears nothing twice. */
    private final Set<Listener> listeners = new LinkedHashSet<>();
    private WorkerEvent lastEvent;

    /** @param events where listeners are called, each in a lane of its own */
    WorkerCell(Registration registration, WorkerDetails details, Executor events) {
        this.registration = registration;
        this.details = details;
        this.events = events;
    }

    Registration registration() { return registration; }

    WorkerDetails details() { return details; }

    WorkerDetails lastStop() { return lastStop; }

    boolean supervisorDied() { return supervisorDied; }

    /** True for who is to ask the supervisor: nobody has since it looked last. */
    boolean terminateIsNews() {
        return terminateAsked.compareAndSet(false, true);
    }

    /** The supervisor looks; on its loop. */
    void terminateIsSeen() { terminateAsked.set(false); }

    /** The value first, then whoever waits for it. */
    void publish(WorkerDetails now) {
        if (now.status() == Status.STOPPED) {
            lastStop = now;
        } else if (details.pid() != 0 && details.pid() != now.pid()) {
            lastStop = endOfRun(now);
        }
        details = now;
        watchers.forEach(Runnable::run);
    }

    /** A run that is over, of a worker that goes on to its next one without a rest: nothing else says that it has stopped. */
    private static WorkerDetails endOfRun(WorkerDetails next) {
        return new WorkerDetails(next.definition(), next.slot(), next.generation(), Status.STOPPED, next.state(),
                next.reason(), 0, false, next.exitStatus(), next.lastError(), next.restarts(), next.nextStart(),
                next.owner());
    }

    void supervisorDies() {
        supervisorDied = true;
        watchers.forEach(Runnable::run);
    }

    /** The watcher must not block. */
    Held watch(Runnable watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    /** By the loop, in order. */
    synchronized void tell(WorkerEvent event) {
        lastEvent = event;
        listeners.forEach(each -> each.tell(event));
    }

    /** Hears the last event, if there was one, and each one from now on. */
    synchronized Held subscribe(Consumer<WorkerEvent> consumer) {
        Listener listener = new Listener(consumer, events);
        listeners.add(listener);
        WorkerEvent last = lastEvent;
        if (last != null) {
            listener.tell(last);
        }
        return () -> {
            listener.closed = true;
            unsubscribe(listener);
        };
    }

    private synchronized void unsubscribe(Listener listener) { listeners.remove(listener); }

    /**
     * One subscription; it hears nothing once it was closed, whatever is still on its way. In its lane it waits for no other,
     * so one that blocks is deaf alone.
     */
    private static final class Listener {

        private static final Logger LOG = LoggerFactory.getLogger(WorkerCell.class);

        private final Consumer<WorkerEvent> consumer;
        private final Lane lane;
        private volatile boolean closed;

        private Listener(Consumer<WorkerEvent> consumer, Executor events) {
            this.consumer = consumer;
            this.lane = new Lane(events);
        }

        private void tell(WorkerEvent event) { lane.execute(() -> hear(event)); }

        private void hear(WorkerEvent event) {
            if (closed) {
                return;
            }
            try {
                consumer.accept(event);
            } catch (RuntimeException | LinkageError | AssertionError e) {
                LOG.error("a listener failed on {} of background worker \"{}\"", event.kind(),
                        event.details().definition().name(), e);
            }
        }
    }
}
