package dev.bgworker.testing;

import dev.bgworker.api.control.Server.ActivityRow;
import dev.bgworker.api.host.ProcArray.Entry;
import dev.bgworker.supervisor.Supervisor;
import dev.bgworker.supervisor.process.StopSteps;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Moves a host's time from one thing that is due to the next, and waits in between until all rest. Whoever moves it is one
 * thread of the test's at a time.
 */
final class Course {

    private final SettableMachine machine;
    private final Supervisor supervisor;
    private final Duration patience;

    /** @param patience by real time, with whoever does not come to rest */
    Course(SettableMachine machine, Supervisor supervisor, Duration patience) {
        this.machine = machine;
        this.supervisor = supervisor;
        this.patience = patience;
    }

    /** Returns when no process runs but those, nothing is under way between them and the host, and nothing is due. */
    void settle(Predicate<Entry> ignored) {
        do {
            restOfChannels(ignored);
        } while (hasSupervisorBegun(ignored));
    }

    /** Who reads may write to the next one's channel, so all are asked again until no answer is yes. */
    private void restOfChannels(Predicate<Entry> ignored) {
        long began = System.nanoTime();
        rest(ignored);
        while (machine.askSelectors()) {
            rest(ignored);
            if (!machine.anyReady(ignored.negate())) {
                return;
            }
            if (System.nanoTime() - began > patience.toNanos()) {
                throw new AssertionError("not idle after " + patience.toSeconds()
                        + " s: each time that all wait, a channel of somebody's wait event set is ready again");
            }
        }
    }

    /** Lets it do what is due; false when nothing came of the question. */
    private boolean hasSupervisorBegun(Predicate<Entry> ignored) {
        long before = machine.begun();
        boolean due = supervisor.nextWake().filter(wake -> !wake.isAfter(machine.clock().instant())).isPresent();
        if (due) {
            look();
        }
        rest(ignored);
        return due || machine.begun() != before + 1; // the question itself was the one thing that began
    }

    /** Has the supervisor look at the time, which it does after any event. */
    private void look() {
        supervisor.declare(statics -> {});
    }

    private void rest(Predicate<Entry> ignored) {
        try {
            if (!machine.awaitRest(ignored, patience.toNanos())) {
                throw new AssertionError(busy(ignored));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while the host came to rest", e);
        }
    }

    /** Who has not come to rest, and where it stands. */
    private String busy(Predicate<Entry> ignored) {
        StringBuilder text = new StringBuilder("not idle after ").append(patience.toSeconds()).append(" s:");
        Set<Entry> running = machine.running();
        running.stream().filter(ignored.negate()).forEach(each -> text.append('\n').append(where(each.proc().pid())));
        return text.append(running.stream().allMatch(ignored) ? " the supervisor itself, or one of its pools" : "")
                .append("\nA worker is idle when it waits on its latch or wait event set; let time pass without waiting for one"
                        + " that is not with TestHost.elapse.")
                .toString();
    }

    private String where(long pid) {
        return supervisor.activity().stream().filter(row -> row.pid() == pid).map(ActivityRow::name).findFirst()
                .orElse("process") + " (PID " + pid + "), " + new StopSteps(supervisor.procArray()).stack(pid);
    }

    /** All that becomes due meanwhile happens at its own time, and all come to rest after each. */
    void advance(Duration time, Predicate<Entry> ignored) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time does not go back: " + time);
        }
        settle(ignored);
        long until = Math.addExact(machine.nanoTime(), time.toNanos());
        for (long next = next(); next <= until; next = next()) {
            moveTo(next, ignored);
        }
        moveTo(until, ignored);
    }

    /** To what comes next by time alone, if that is within so long; false, and no time has passed, when nothing is. */
    boolean advanceToNext(Duration longest, Predicate<Entry> ignored) {
        settle(ignored);
        long next = next();
        boolean within = next <= machine.nanoTime() + longest.toNanos();
        if (within) {
            moveTo(next, ignored);
        }
        return within;
    }

    private long next() {
        long wake = supervisor.nextWake().map(this::nanos).orElse(SettableMachine.NEVER);
        return Math.min(machine.next(), wake);
    }

    private long nanos(Instant instant) {
        return Duration.between(machine.clock().instant(), instant).compareTo(Duration.ofDays(36_500)) > 0
                ? SettableMachine.NEVER
                : machine.nanos(instant);
    }

    private void moveTo(long nanos, Predicate<Entry> ignored) {
        machine.moveTo(nanos);
        look();
        settle(ignored);
    }
}
