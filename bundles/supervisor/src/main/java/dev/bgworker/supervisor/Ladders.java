package dev.bgworker.supervisor;

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
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Workers that were told to go, and when to do what about those still there. The loop's thread alone. */
final class Ladders {

    private static final Logger LOG = LoggerFactory.getLogger(Ladders.class);

    private record Climb(long pid, Instant since, Duration deadline, Instant next, boolean aborted) {

        /** By durations: {@code Latch.FOREVER} from now is no instant. */
        Duration left(Instant now) {
            return deadline.minus(Duration.between(since, now));
        }

        Climb again(Instant when, boolean abortedNow) { return new Climb(pid, since, deadline, when, abortedNow); }
    }

    private final Map<Long, Climb> byPid = new HashMap<>();
    private final NavigableSet<Climb> byTime = new TreeSet<>(Comparator.comparing(Climb::next).thenComparing(Climb::pid));
    private final StopSteps steps;
    private final Executor slow;
    private final BiConsumer<Long, String> abandoned;

    /**
     * @param steps what can be done to a worker
     * @param slow for what may wait for the engine: the abort of a session, the fence of a provider
     * @param abandoned told the pid and why, when one was given up
     */
    Ladders(StopSteps steps, Executor slow, BiConsumer<Long, String> abandoned) {
        this.steps = steps;
        this.slow = slow;
        this.abandoned = abandoned;
    }

    /** Signals it; one that is on the ladder already keeps the earlier of its deadlines. */
    void stop(long pid, Duration deadline, Instant now) {
        steps.terminate(pid);
        enter(pid, deadline, now);
    }

    /** As {@link #stop}, but from now on every call of it on the host throws. */
    void quit(long pid, Duration deadline, Instant now) {
        steps.quit(pid);
        enter(pid, deadline, now);
    }

    private void enter(long pid, Duration deadline, Instant now) {
        Climb climbing = byPid.get(pid);
        if (climbing == null || deadline.compareTo(climbing.left(now)) < 0) {
            gone(pid);
            StopLadder.next(Duration.ZERO, deadline)
                    .or(() -> deadline.isZero() ? Optional.of(Duration.ZERO) : Optional.empty())
                    .ifPresent(wait -> put(new Climb(pid, now, deadline, now.plus(wait), false)));
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
            climb(climb, now);
        }
    }

    private void climb(Climb climb, Instant now) {
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
        Runnable takeAway = steps.takeAway(climb.pid());
        String where = steps.fence(climb.pid()) + " within " + climb.deadline().toMillis() + " ms";
        LOG.error("background worker with PID {} is ABANDONED: it {}\n{}", climb.pid(), where, steps.stack(climb.pid()));
        slow.execute(takeAway);
        abandoned.accept(climb.pid(), where);
    }
}
