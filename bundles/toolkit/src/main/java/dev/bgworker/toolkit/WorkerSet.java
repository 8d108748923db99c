package dev.bgworker.toolkit;

import dev.bgworker.api.Proc;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.control.WorkerEvent.Kind;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Interrupts;
import dev.bgworker.api.process.Scope.Event;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * Keeps one worker per wanted key, as the logical replication launcher does, level-triggered: what is missing is launched,
 * what is not wanted is terminated, also after refusals, deaths and crash resets. Belongs to the process that made it; its
 * thread only.
 */
public final class WorkerSet<K> {

    /** What a death means for the siblings, as OTP names it. */
    public enum Strategy {
        /** Nothing. */
        ONE_FOR_ONE,
        /** Those after it in the order of keys are stopped, last first, and started again after it. */
        REST_FOR_ONE,
        /** All are stopped, last first, and started again, first first. */
        ONE_FOR_ALL
    }

    private static final Logger LOG = LoggerFactory.getLogger(WorkerSet.class);
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(5);
    /** Below the 30 s of {@code bgw_stop_timeout}, so that an owner that is told to go is not given up over its children. */
    private static final Duration EXIT_DEADLINE = Duration.ofSeconds(20);

    private final Proc owner;
    private final BackgroundWorkers workers;
    private final Function<? super K, BackgroundWorker> definition;
    private final long madeAt;
    private final Orphans orphans;
    private final Children<K> children = new Children<>();
    private final Room<K> room = new Room<>();
    private final Refusals<K> refusals = new Refusals<>(LOG);
    private final LeftOut leftOut = new LeftOut(LOG);
    private final Heard<K> heard;
    private final Registrar<K> registrar;
    private final Departure departure;

    // All written by the owner's thread alone, the first four before keep.
    private Duration retryInterval = RETRY_INTERVAL;
    private Strategy strategy = Strategy.ONE_FOR_ONE;
    private Optional<Deaths> deaths = Optional.empty();
    private BiConsumer<? super K, WorkerEvent> listener = (key, event) -> {};
    private Optional<ErrorData> gaveUp = Optional.empty();

    private WorkerSet(Proc owner, BackgroundWorkers workers, Function<? super K, BackgroundWorker> definition) {
        this.owner = owner;
        this.workers = workers;
        this.definition = definition;
        this.madeAt = owner.time().nanoTime();
        this.orphans = new Orphans(owner, workers, LOG);
        this.heard = new Heard<>(owner);
        this.registrar = new Registrar<>(workers, orphans::marked, refusals, heard, LOG);
        this.departure = new Departure(owner);
    }

    /**
     * Asks the function for a key's definition at each {@link #keep}; another one than the worker runs with replaces it. When
     * the owner exits its children are told to go, and waited for once. Make it before the owner connects: then they are waited
     * for when its transaction has ended. In a chain of calls a lambda does not tell what the keys are, so write
     * {@code WorkerSet.<String>of(...)}.
     */
    public static <K> WorkerSet<K> of(Proc owner, BackgroundWorkers workers,
            Function<? super K, BackgroundWorker> definition) {
        WorkerSet<K> set = new WorkerSet<>(owner, workers, definition);
        owner.scope().own(set::forget);
        owner.scope().on(Event.BEFORE_SHMEM_EXIT, end -> set.stop(EXIT_DEADLINE));
        return set;
    }

    /**
     * At most so many at a time; the others wait their turn, which is with who has not run for longest. More wanted keys than
     * that are a WARNING, once.
     */
    public WorkerSet<K> limit(int most) { return inAll(most, "Raise the limit given to WorkerSet.limit."); }

    /** As a setting has it, whose name is in the hint of the WARNING. */
    public WorkerSet<K> limit(int most, String setting) {
        return inAll(most, "You might need to increase \"" + setting + "\".");
    }

    private WorkerSet<K> inAll(int most, String hint) {
        limit(most, key -> "");
        leftOut.limit(most, hint);
        return this;
    }

    /** {@code max_sync_workers_per_subscription}: at most so many at a time of all keys of which the function gives the same. */
    public WorkerSet<K> limit(int most, Function<? super K, ?> group) {
        if (most < 1) {
            throw new ErrorException(errcode("22023", "limit of a worker set is not positive: " + most)
                    .errhint("A set that is to keep none is told so by keep(List.of())."));
        }
        room.limit(most, group);
        return this;
    }

    /**
     * What a death means for siblings. More than so many within the period are FATAL in the owner (exit 1), whose own policy
     * then applies. Without a call it is ONE_FOR_ONE, and any number.
     */
    public WorkerSet<K> strategy(Strategy one, int intensity, Duration period) {
        if (intensity < 0 || period.isNegative() || period.isZero()) {
            throw new ErrorException(errcode("22023", "invalid restart intensity of a worker set")
                    .errdetail("Intensity " + intensity + ", period " + period + ".")
                    .errhint("The intensity is not negative, the period positive."));
        }
        strategy = one;
        deaths = Optional.of(new Deaths(intensity, period));
        return this;
    }

    /**
     * {@code wal_retrieve_retry_interval}: a worker that is not there any more is not launched again sooner after its last start,
     * and no slot is asked for sooner after a refusal. With a strategy that has an order it is also how long a worker that does
     * not say that it is ready holds up those after it.
     */
    public WorkerSet<K> retryInterval(Duration interval) {
        if (interval.isNegative() || interval.isZero()) {
            throw new ErrorException(errcode("22023", "retry interval of a worker set is not positive: " + interval));
        }
        retryInterval = interval;
        return this;
    }

    /** Started, ready, failed to start, exited, forgotten: called inside {@link #keep}, of one key in order. */
    public WorkerSet<K> onEvent(BiConsumer<? super K, WorkerEvent> listener) {
        this.listener = listener;
        return this;
    }

    /**
     * Declares the wanted keys, takes in what happened, and acts; call it each turn and when {@link #nextDue} says. Never waits.
     * The order of the keys is that in which they are started. FATAL when too many died.
     */
    public void keep(Collection<K> wanted) {
        Duration now = now();
        children.want(wanted);
        takeIn();
        gaveUp.ifPresent(why -> {
            throw new FatalError(why);
        });
        children.define(definition, refusals, now);
        children.look(now, retryInterval);
        if (orphans.gone()) {
            registrar.carryOut(new KeepDecision<>(room, retryInterval, ordered(), refusals).of(children.inOrder(), now), now,
                    retryInterval);
            refusals.settle(children.inOrder(), now);
            leftOut.look(children.wanted());
        }
    }

    private Duration now() { return Duration.ofNanos(owner.time().nanoTime() - madeAt); }

    private boolean ordered() { return strategy != Strategy.ONE_FOR_ONE; }

    /** All that was heard is told, also after the death that was one too many. */
    private void takeIn() {
        for (Heard.Item<K> item = heard.poll(); item != null; item = heard.poll()) {
            Child<K> child = item.of().child;
            Duration at = Duration.ofNanos(item.nanoTime() - madeAt);
            Kind kind = item.event().kind();
            if ((kind == Kind.STARTED || kind == Kind.START_FAILED) && child.registered == item.of()) {
                child.startedAt = at;
            }
            if (item.of().hear(item.event())) {
                died(child, at, item.event().details());
            }
            listener.accept(child.key, item.event());
        }
    }

    private void died(Child<K> child, Duration at, WorkerDetails details) {
        Siblings.share(strategy, child, children.inOrder());
        if (gaveUp.isEmpty() && deaths.isPresent() && deaths.get().tooMany(at)) {
            children.registered().forEach(each -> each.handle.terminate()); // the exit waits for them
            gaveUp = Optional.of(tooMany(child, details, deaths.get()));
        }
    }

    private static ErrorData tooMany(Child<?> child, WorkerDetails last, Deaths deaths) {
        return errcode("XX000", "too many workers of a set died")
                .errdetail("More than " + deaths.intensity() + " within " + deaths.period() + "; the last was \"" + child
                        + "\", with exit status " + last.exitStatus()
                        + last.lastError().map(error -> ": " + error.message()).orElse("."))
                .errhint("Remove the cause, or raise the intensity given to WorkerSet.strategy.");
    }

    /** How long until {@link #keep} has something to do of which no event tells; each event sets the owner's latch. */
    public Optional<Duration> nextDue() {
        Duration now = now();
        Optional<Duration> next = orphans.leaving()
                ? Optional.of(now.plus(retryInterval))
                : children.next(now, retryInterval, refusals, ordered());
        return next.map(due -> due.minus(now));
    }

    /** Those that have a registration now, in the order of keys; a copy. */
    public Map<K, BackgroundWorkerHandle> workers() {
        return children.handles();
    }

    /** The one of that key, if it has a registration now. */
    public Optional<BackgroundWorkerHandle> worker(K key) {
        return registered(key).map(one -> one.handle);
    }

    private Optional<Registered<K>> registered(K key) {
        return children.find(key).map(child -> child.registered).filter(one -> !one.gone());
    }

    /** {@code kill} by key; false when that key has no running worker. */
    public boolean signal(K key, Interrupts.Signal signal) {
        long pid = worker(key).map(one -> one.details().pid()).orElse(0L);
        return pid != 0 && workers.signal(pid, signal);
    }

    /**
     * {@code WaitForReplicationWorkerAttach}: until it is ready, or does not run any more; by then read what it gives. Of
     * one whose registration is over, how it ended; empty when there was none since the key is wanted.
     */
    public Optional<WorkerDetails> await(K key, Duration timeout) throws InterruptedException {
        Child<K> child = children.find(key).orElse(null);
        if (child == null || child.registered == null) {
            return Optional.ofNullable(child).map(one -> one.last);
        }
        return Optional.of(child.registered.handle.awaitReady(timeout));
    }

    /**
     * {@code logicalrep_worker_stop}: ends that one within the deadline and waits; true when it is gone. It stays out until
     * {@link #keep} was called once without its key.
     */
    public boolean stop(K key, Duration deadline) {
        children.find(key).ifPresent(child -> child.heldOut = child.heldOut || child.wanted());
        return stop(registered(key).map(List::of).orElse(List.of()), deadline);
    }

    /**
     * Ends all within the deadline, told at once, and waits once; true when all are gone. The next {@link #keep} launches what
     * it wants.
     */
    public boolean stop(Duration deadline) { return stop(children.registered(), deadline); }

    private boolean stop(List<Registered<K>> some, Duration deadline) {
        for (Registered<K> each : some) {
            each.child.told = true;
            each.handle.terminateWithin(deadline);
        }
        return departure.await(some, deadline);
    }

    private void forget() {
        heard.close();
        orphans.forget();
    }
}
