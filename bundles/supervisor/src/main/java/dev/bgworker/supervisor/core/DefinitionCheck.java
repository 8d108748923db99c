package dev.bgworker.supervisor.core;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.BackgroundWorker.StartTime;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.process.ErrorData;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code SanityCheckBackgroundWorker}: the first failure decides, in PostgreSQL's order, then what only we check. */
public final class DefinitionCheck {

    private static final int MAX_LENGTH = 95;
    private static final int MAX_LIBRARY = 1023;
    private static final int MAX_EXTRA = 65_536;
    private static final long MAX_RESTART_SECONDS = 86_400_000;
    /** So many moments of starts are remembered per worker. */
    private static final int MAX_STARTS = 1_000;

    private DefinitionCheck() {}

    /** What is wrong with it, if anything. */
    public static Optional<ErrorData> errorIn(BackgroundWorker worker) {
        return connection(worker).or(() -> restart(worker)).or(() -> policy(worker)).or(() -> states(worker))
                .or(() -> lengths(worker)).or(() -> characters(worker))
                .or(() -> extra(worker));
    }

    /** R9 beside the checks that all definitions pass. */
    static Optional<ErrorData> errorInStatic(BackgroundWorker definition) {
        return errorIn(definition).or(() -> definition.notifyPid() == 0
                ? Optional.empty()
                : Optional.of(errcode("0A000", "background worker \"" + definition.name()
                        + "\": only dynamic background workers can request notification")
                        .errhint("Leave out bgw_notify_pid.")));
    }

    /** The definition as it is registered: an empty type becomes the name, as the last step of a successful check. */
    public static BackgroundWorker completed(BackgroundWorker worker) {
        if (!worker.type().isEmpty()) {
            return worker;
        }
        return new BackgroundWorker(worker.name(), worker.name(), worker.flags(), worker.startTime(), worker.restart(),
                worker.libraryName(), worker.functionName(), worker.mainArg(), worker.extra(), worker.notifyPid(),
                worker.role(), worker.runsIn(), worker.outlivesOwner());
    }

    private static Optional<ErrorData> connection(BackgroundWorker worker) {
        Set<Flag> flags = worker.flags();
        boolean connects = flags.contains(Flag.DATABASE_CONNECTION);
        if (connects && !flags.contains(Flag.SHMEM_ACCESS)) {
            return refused(worker, "background workers must attach to shared memory to request a database connection",
                    "Add the flag SHMEM_ACCESS, or leave out DATABASE_CONNECTION.");
        }
        if (connects && worker.startTime() == StartTime.POSTMASTER_START) {
            return refused(worker, "cannot request database access if starting at postmaster start",
                    "Set bgw_start_time to CONSISTENT_STATE or RECOVERY_FINISHED.");
        }
        if (flags.contains(Flag.INTERRUPTIBLE) && !connects) {
            return refused(worker, "cannot be interruptible without a database connection",
                    "Add the flag DATABASE_CONNECTION, or leave out INTERRUPTIBLE.");
        }
        return Optional.empty();
    }

    private static Optional<ErrorData> restart(BackgroundWorker worker) {
        Duration delay = worker.restart().delay();
        boolean whole = delay.getNano() == 0;
        long seconds = delay.getSeconds();
        if (whole && (seconds == -1 || seconds >= 0 && seconds <= MAX_RESTART_SECONDS)) {
            return Optional.empty();
        }
        return refused(worker, "invalid restart interval: " + (whole ? seconds + " s" : delay.toMillis() + " ms"),
                "bgw_restart_time is 0 to " + MAX_RESTART_SECONDS + " whole seconds, or -1 to never restart.");
    }

    /** What a policy has beyond PostgreSQL's one delay. */
    private static Optional<ErrorData> policy(BackgroundWorker worker) {
        RestartPolicy policy = worker.restart();
        if (policy.never()) {
            return policy.factor() == 1 && policy.maxStarts() == 0
                    ? Optional.empty()
                    : refused(worker, "a back-off or a limit has no meaning for a worker that is never restarted",
                            "Leave it out, or set bgw_restart_time to a time.");
        }
        if (!(policy.factor() >= 1 && policy.factor() <= 100)) {
            return refused(worker, "invalid backoff.factor: " + policy.factor(), "It is 1 to 100.");
        }
        if (policy.cap().compareTo(policy.delay()) < 0 || policy.cap().getSeconds() > MAX_RESTART_SECONDS) {
            return refused(worker, "invalid backoff.cap: " + policy.cap().getSeconds() + " s",
                    "It is at least bgw_restart_time and at most " + MAX_RESTART_SECONDS + " s.");
        }
        if (!(policy.jitter() >= 0 && policy.jitter() <= 1)) {
            return refused(worker, "invalid backoff.jitter: " + policy.jitter(), "It is 0 to 1, as a share of the delay.");
        }
        if (outside(policy.healthyAfter(), 0)) {
            return refused(worker, "invalid backoff.healthy_after: " + policy.healthyAfter().getSeconds() + " s",
                    "It is 0, for never, to " + MAX_RESTART_SECONDS + " s.");
        }
        if (policy.maxStarts() < 0 || policy.maxStarts() > MAX_STARTS) {
            return refused(worker, "invalid limit.starts: " + policy.maxStarts(),
                    "It is 0, for no limit, to " + MAX_STARTS + ".");
        }
        if (policy.maxStarts() > 0 && outside(policy.window(), 1)) {
            return refused(worker, "invalid limit.window: " + policy.window().getSeconds() + " s",
                    "Say within what time so many starts are too many, 1 to " + MAX_RESTART_SECONDS + " s.");
        }
        return Optional.empty();
    }

    private static boolean outside(Duration time, long leastSeconds) {
        return time.getSeconds() < leastSeconds || time.getSeconds() > MAX_RESTART_SECONDS;
    }

    /** A worker that could never run is a mistake. */
    private static Optional<ErrorData> states(BackgroundWorker worker) {
        boolean never = !worker.runsIn().isEmpty() && worker.runsIn().stream().noneMatch(state -> switch (state) {
            case STARTING -> worker.startTime() == StartTime.POSTMASTER_START;
            case CONSISTENT -> worker.startTime() != StartTime.RECOVERY_FINISHED;
            case RECOVERY_FINISHED, SMART_SHUTDOWN -> true;
            case FAST_SHUTDOWN, IMMEDIATE_SHUTDOWN -> false;
        });
        return never
                ? refused(worker, "it would never run: it starts at " + worker.startTime() + " and runs in "
                        + worker.runsIn().stream().sorted().toList(),
                        "Set bgw_start_time to a state that bgw_runs_in contains, or leave out bgw_runs_in.")
                : Optional.empty();
    }

    private static Optional<ErrorData> lengths(BackgroundWorker worker) {
        return tooLong(worker, "bgw_name", worker.name(), MAX_LENGTH)
                .or(() -> tooLong(worker, "bgw_type", worker.type(), MAX_LENGTH))
                .or(() -> tooLong(worker, "bgw_library_name", worker.libraryName(), MAX_LIBRARY))
                .or(() -> tooLong(worker, "bgw_function_name", worker.functionName(), MAX_LENGTH));
    }

    private static Optional<ErrorData> tooLong(BackgroundWorker worker, String field, String value, int limit) {
        int length = value.getBytes(StandardCharsets.UTF_8).length;
        return length <= limit
                ? Optional.empty()
                : refused(worker, field + " is too long: " + length + " bytes", "It may have " + limit + " bytes of UTF-8.");
    }

    private static Optional<ErrorData> characters(BackgroundWorker worker) {
        return control(worker, "bgw_name", worker.name()).or(() -> control(worker, "bgw_type", worker.type()))
                .or(() -> control(worker, "bgw_function_name", worker.functionName()));
    }

    private static Optional<ErrorData> control(BackgroundWorker worker, String field, String value) {
        return value.chars().noneMatch(Character::isISOControl)
                ? Optional.empty()
                : refused(worker, field + " contains a control character", "Use printable characters only.");
    }

    private static Optional<ErrorData> extra(BackgroundWorker worker) {
        long size = 0;
        for (Map.Entry<String, String> each : worker.extra().entrySet()) {
            size += each.getKey().getBytes(StandardCharsets.UTF_8).length;
            size += each.getValue().getBytes(StandardCharsets.UTF_8).length;
        }
        return size <= MAX_EXTRA
                ? Optional.empty()
                : refused(worker, "bgw_extra is too long: " + size + " bytes", "Keys and values may have " + MAX_EXTRA
                        + " bytes of UTF-8 in all.");
    }

    private static Optional<ErrorData> refused(BackgroundWorker worker, String why, String hint) {
        String shown = worker.name().replaceAll("\\p{Cntrl}", "?");
        return Optional.of(errcode("22023", "background worker \"" + shown + "\": " + why).errhint(hint));
    }
}
