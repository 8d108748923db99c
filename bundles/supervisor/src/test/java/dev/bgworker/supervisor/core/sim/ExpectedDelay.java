package dev.bgworker.supervisor.core.sim;

import dev.bgworker.api.control.RestartPolicy;
import java.time.Duration;
import java.time.Instant;

/** The restart policy as the contract tells it: R48, P9, P10, and that delay 0 burns no core. */
final class ExpectedDelay {

    /** Between two starts of one worker that fails. */
    static final Duration FLOOR = Duration.ofMillis(10);

    private ExpectedDelay() {}

    /** Sets when it comes back after a failure at that moment, or that it is FAILED. */
    static void failed(Expected worker, Instant now) {
        RestartPolicy policy = worker.definition.restart();
        Duration healthy = policy.healthyAfter();
        if (!healthy.isZero() && Duration.between(worker.lastStart, now).compareTo(healthy) >= 0) {
            worker.failuresInARow = 0;
        }
        long inWindow = worker.starts.stream().filter(each -> !each.plus(policy.window()).isBefore(now)).count();
        if (policy.maxStarts() > 0 && inWindow >= policy.maxStarts()) {
            worker.failed = true;
            return;
        }
        double delay = Math.min(policy.cap().toMillis(),
                policy.delay().toMillis() * Math.pow(policy.factor(), worker.failuresInARow));
        worker.failuresInARow++;
        worker.dueFrom = floor(worker, now.plusMillis((long) Math.floor(delay * (1 - policy.jitter()))));
        worker.dueTo = floor(worker, now.plusMillis((long) Math.ceil(delay * (1 + policy.jitter()))));
    }

    private static Instant floor(Expected worker, Instant due) {
        Instant earliest = worker.lastStart.plus(FLOOR);
        return due.isBefore(earliest) ? earliest : due;
    }

    /** At once, but for the floor. */
    static void atOnce(Expected worker, Instant now) {
        worker.noDelay();
        if (worker.lastStart != null && worker.lastStart.plus(FLOOR).isAfter(now)) {
            worker.dueFrom = worker.lastStart.plus(FLOOR);
            worker.dueTo = worker.dueFrom;
        }
    }
}
