package dev.bgworker.supervisor;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.supervisor.core.StopLadder;
import dev.bgworker.supervisor.process.StopSteps;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Workers that were told to go, and when to do what about those still there. The loop's thread alone. */
final class Ladders {

    private static final Logger LOG = LoggerFactory.getLogger(Ladders.class);

    /** Hears what became of those that did not go. On the loop's thread or that of a provider. */
    interface Listener {

        /** It was given up. */
        void abandoned(long pid, String where);

        /** It is about to be: told before the fence, of which it may leave at once; what it held is told afterwards. */
        void givingUp(long pid);

        /** One that was given up held what makes this a crash (R47). */
        void heldSharedState(long pid);

        /** One that was given up held nothing of it. */
        void contained(long pid);

        /** It sits in System.exit, from which it does not come back: it is gone (R52). */
        void calledSystemExit(long pid, ErrorData where);
    }

    private record Climb(long pid, Instant since, Duration deadline, Instant next, int steps, boolean aborted) {

        /** By durations: {@code Latch.FOREVER} from now is no instant. */
        Duration left(Instant now) {
            return deadline.minus(Duration.between(since, now));
        }

        Climb again(Instant when, boolean abortedNow) {
            return new Climb(pid, since, deadline, when, steps + 1, abortedNow);
        }
    }

    private static final Duration AFTER_A_FAULT = Duration.ofMillis(50);

    /** Every so many steps it is looked whether a worker sits in System.exit. */
    private static final int LOOK_AGAIN = 20;

    private final Map<Long, Climb> byPid = new HashMap<>();
    private final NavigableSet<Climb> byTime = new TreeSet<>(Comparator.comparing(Climb::next).thenComparing(Climb::pid));
    private final StopSteps steps;
    private final Executor slow;
    private final Listener listener;

    /**
     * @param steps what can be done to a worker
     * @param slow for what may wait for the engine: the abort of a session, the fence of a provider
     */
    Ladders(StopSteps steps, Executor slow, Listener listener) {
        this.steps = steps;
        this.slow = slow;
        this.listener = listener;
    }

    /** Signals it; one that is on the ladder already keeps the earlier of its deadlines. */
    void stop(long pid, Duration deadline, Instant now) {
        enter(pid, deadline, now);
        steps.terminate(pid);
    }

    /** As {@link #stop}, but from now on every call of it on the host throws. */
    void quit(long pid, Duration deadline, Instant now) {
        enter(pid, deadline, now);
        steps.quit(pid);
    }

    /** Before the signal is sent: whatever that does, the worker is on the ladder. */
    private void enter(long pid, Duration given, Instant now) {
        Duration deadline = given.isNegative() ? Duration.ZERO : given;
        Climb climbing = byPid.get(pid);
        if (climbing == null || deadline.compareTo(climbing.left(now)) < 0) {
            gone(pid);
            StopLadder.next(Duration.ZERO, deadline)
                    .or(() -> deadline.isZero() ? Optional.of(Duration.ZERO) : Optional.empty())
                    .ifPresent(wait -> put(new Climb(pid, now, deadline, now.plus(wait), 0, false)));
        }
    }

    /** It exited. */
    void gone(long pid) {
        Climb climb = byPid.remove(pid);
        if (climb != null) {
            byTime.remove(climb);
        }
    }

    private void put(Climb climb) {
        byPid.put(climb.pid(), climb);
        byTime.add(climb);
    }

    Optional<Instant> nextWake() { return byTime.isEmpty() ? Optional.empty() : Optional.of(byTime.first().next()); }

    void tick(Instant now) {
        while (!byTime.isEmpty() && !byTime.first().next().isAfter(now)) {
            Climb climb = byTime.first();
            gone(climb.pid());
            try {
                climb(climb, now);
            } catch (RuntimeException | Error e) { // of a provider above all; the worker stays on the ladder
                put(climb.again(now.plus(AFTER_A_FAULT), climb.aborted()));
                LOG.error("a step against background worker {} failed and is tried again", climb.pid(), e);
            }
        }
    }

    private void climb(Climb climb, Instant now) {
        // A look at a stack is dear when many are told to go at once.
        Optional<String> systemExit = climb.steps() % LOOK_AGAIN == 0 ? steps.inSystemExit(climb.pid()) : Optional.empty();
        if (systemExit.isPresent()) {
            systemExit(climb.pid(), systemExit.get());
            return;
        }
        Duration elapsed = Duration.between(climb.since(), now);
        boolean aborts = climb.aborted();
        switch (StopLadder.at(elapsed, climb.deadline())) {
            case PATIENCE -> {
            }
            case CANCEL -> steps.push(climb.pid());
            case ABORT -> {
                steps.push(climb.pid());
                if (!aborts) {
                    slow.execute(steps.abort(climb.pid()));
                    aborts = true;
                }
            }
            case ABANDON -> abandon(climb);
        }
        boolean done = aborts;
        StopLadder.next(elapsed, climb.deadline()).ifPresent(wait -> put(climb.again(now.plus(wait), done)));
    }

    private void abandon(Climb climb) {
        long pid = climb.pid();
        Runnable takeAway = steps.takeAway(pid, held -> {
            if (held) {
                listener.heldSharedState(pid);
            } else {
                listener.contained(pid);
            }
        });
        String name = steps.inWords(pid);
        listener.givingUp(pid);
        Optional<String> stands = steps.fence(pid);
        if (stands.isEmpty()) {
            listener.contained(pid);
            return; // it has left the table, and its exit is on the way
        }
        String where = stands.get() + " within " + climb.deadline().toMillis() + " ms";
        LOG.error("background worker {} is ABANDONED: it {}\n{}", name, where, steps.stack(pid));
        listener.abandoned(pid, where);
        slow.execute(takeAway);
    }

    /** It waits for the end of the host, which must not wait for it. */
    private void systemExit(long pid, String place) {
        LOG.error("background worker {} called System.exit at {}; it counts as gone", steps.inWords(pid), place);
        Runnable takeAway = steps.takeAway(pid, held -> {});
        steps.fence(pid);
        slow.execute(takeAway);
        listener.calledSystemExit(pid, errcode("XX000", "the worker called System.exit").errcontext(place)
                .errhint("End a worker by returning, or by \"throw worker.exit(n)\"."));
    }
}
