package dev.bgworker.supervisor;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.supervisor.core.Action;
import dev.bgworker.supervisor.core.Supervision;
import dev.bgworker.supervisor.process.Machine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of all that {@link Supervision} holds: takes events in the order of their arrival, lets it decide, has the
 * decisions carried out. Events come from any thread; it never waits for a worker or for a provider.
 */
final class EventLoop implements Runnable {

    /** One thing that happened. */
    @FunctionalInterface
    interface Event {
        void on(Supervision supervision, Instant now);

        /** The loop ended before its turn came. */
        default void dropped() {}
    }

    /** Who carries out decisions, and has alarms of its own. On the loop's thread. */
    interface Effects extends Consumer<Action> {

        void tick(Instant now);

        Optional<Instant> nextWake();

        void ended();
    }

    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(60);

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    /** Off the queue and not yet handled: no fault between loses it. The loop's thread alone. */
    private Event taken;
    /** The loop's thread alone. */
    private final Queue<Runnable> afterPass = new ArrayDeque<>();
    private final Supervision supervision;
    private final Effects effects;
    private final Clock clock;
    private final Machine machine;
    private volatile boolean over;

    EventLoop(Supervision supervision, Effects effects, Machine machine) {
        this.supervision = supervision;
        this.effects = effects;
        this.clock = machine.clock();
        this.machine = machine;
    }

    /** Never lost: it is handled, or told that it was dropped because the loop has ended. */
    void post(Event event) {
        machine.workComes();
        events.add(event);
        if (over) {
            dropRest();
        }
    }

    private void dropRest() {
        for (Event rest = events.poll(); rest != null; rest = events.poll()) {
            rest.dropped();
            machine.workDone();
        }
    }

    /** As {@link #ask(Function, Function)}, when the answer is all. */
    <T> T ask(Function<Supervision, T> question) {
        return ask(question, Function.identity());
    }

    /**
     * Has the loop answer; what the answering throws is thrown here. ERROR 55000 when the loop has ended.
     *
     * @param then what to make of it when all that was decided with it has been carried out; on the loop's thread as well
     */
    <T, R> R ask(Function<Supervision, T> question, Function<T, R> then) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        post(new Event() {
            @Override
            public void on(Supervision state, Instant now) {
                try {
                    T found = question.apply(state);
                    afterPass.add(() -> attempt(() -> answer.complete(then.apply(found))));
                } catch (RuntimeException | Error e) {
                    answer.completeExceptionally(e);
                }
            }

            private void attempt(Runnable answering) {
                try {
                    answering.run();
                } catch (RuntimeException | Error e) {
                    answer.completeExceptionally(e);
                }
            }

            @Override
            public void dropped() { answer.completeExceptionally(ended()); }
        });
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static ErrorException ended() { return new ErrorException(errcode("55000", "the supervisor has stopped")); }

    /** Ends the loop after the events that were posted before. */
    void end() { post((state, now) -> over = true); }

    @Override
    public void run() {
        try {
            while (!over) {
                takeOne();
            }
        } finally {
            over = true;
            effects.ended();
            dropRest();
        }
    }

    /** Nothing that goes wrong here ends the loop: without it nobody would be stopped, restarted or answered any more. */
    private void takeOne() {
        try {
            taken = taken == null ? events.poll(sleep(), TimeUnit.NANOSECONDS) : taken;
            step();
        } catch (InterruptedException expected) {
            LOG.warn("somebody interrupted the supervisor's thread; it goes on");
        } catch (RuntimeException | Error e) {
            report(e);
        }
    }

    /** Memory may be what is missing, so even this may fail. */
    private static void report(Throwable fault) {
        try {
            LOG.error("the supervisor's loop failed in a turn; it goes on", fault);
        } catch (RuntimeException | Error expected) {
            LockSupport.parkNanos(1_000_000); // not to burn a core while it lasts
        }
    }

    private void carryOut(Action action) {
        try {
            effects.accept(action);
        } catch (RuntimeException | Error e) {
            LOG.error("{} could not be carried out; the supervisor goes on", action, e);
        }
    }

    private long sleep() {
        Instant now = clock.instant();
        return Math.min(left(now, supervision.nextWake()), left(now, effects.nextWake()));
    }

    /** When it looks by itself, after all events so far; empty when only an event has it look. */
    Optional<Instant> nextWake() {
        return ask(state -> state, state -> Stream.of(state.nextWake(), effects.nextWake()).flatMap(Optional::stream)
                .min(Comparator.naturalOrder()));
    }

    private static long left(Instant now, Optional<Instant> wake) {
        if (wake.isEmpty() || wake.get().getEpochSecond() - now.getEpochSecond() > LONGEST_SLEEP.getSeconds()) {
            return LONGEST_SLEEP.toNanos();
        }
        return Math.max(0, now.until(wake.get(), ChronoUnit.NANOS));
    }

    /** One pass: the event, if there is one, then what time has brought. A fault in one event costs this event alone. */
    private void step() {
        Instant now = clock.instant();
        Event event = taken;
        taken = null;
        try {
            supervision.now(now);
            if (event != null) {
                event.on(supervision, now);
            }
            supervision.tick();
            supervision.pass();
            effects.tick(now);
        } catch (RuntimeException | Error e) {
            LOG.error("an event could not be handled; the supervisor goes on", e);
        }
        supervision.actions().forEach(this::carryOut);
        for (Runnable answer = afterPass.poll(); answer != null; answer = afterPass.poll()) {
            answer.run();
        }
        if (event != null) {
            machine.workDone();
        }
    }
}
