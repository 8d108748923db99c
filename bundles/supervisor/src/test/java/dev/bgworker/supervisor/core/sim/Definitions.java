package dev.bgworker.supervisor.core.sim;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.BackgroundWorker.StartTime;
import dev.bgworker.api.control.Datum;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server.State;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Valid definitions of every kind; few names and values, so that they meet. */
final class Definitions {

    static final List<String> LIBRARIES = List.of("l0", "l1", "l2");
    static final List<String> FUNCTIONS = List.of("main", "other");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Dice dice;

    Definitions(Dice dice) { this.dice = dice; }

    String library() { return dice.one(LIBRARIES); }

    BackgroundWorker of(String name, String library, long notifyPid) {
        StartTime start = dice.one(StartTime.RECOVERY_FINISHED, StartTime.RECOVERY_FINISHED, StartTime.CONSISTENT_STATE,
                StartTime.POSTMASTER_START);
        Set<Flag> flags = dice.chance(0.3)
                ? Set.of()
                : start == StartTime.POSTMASTER_START || dice.chance(0.3)
                        ? Set.of(Flag.SHMEM_ACCESS)
                        : Set.of(Flag.SHMEM_ACCESS, Flag.DATABASE_CONNECTION);
        BackgroundWorker.Builder builder = BackgroundWorker.builder(name, library, dice.one(FUNCTIONS)).type("type")
                .flags(flags).startTime(start).restart(policy()).mainArg(Datum.of(dice.below(2))).notifyPid(notifyPid);
        if (dice.chance(0.15)) {
            builder.runsIn(start == StartTime.RECOVERY_FINISHED || dice.chance(0.5)
                    ? dice.one(Set.of(State.RECOVERY_FINISHED), Set.of(State.RECOVERY_FINISHED, State.SMART_SHUTDOWN))
                    : Set.of(State.CONSISTENT));
        }
        return dice.chance(0.2) ? builder.outlivesOwner().build() : builder.build();
    }

    private RestartPolicy policy() {
        return switch (dice.below(8)) {
            case 0, 1 -> RestartPolicy.NEVER;
            case 2 -> RestartPolicy.after(Duration.ZERO);
            case 3 -> RestartPolicy.after(Duration.ofSeconds(60));
            case 4 -> RestartPolicy.after(SECOND).backoff(2, Duration.ofSeconds(20));
            case 5 -> new RestartPolicy(SECOND, 3, Duration.ofSeconds(30), 0.5, Duration.ofSeconds(4), 0, Duration.ZERO);
            case 6 -> RestartPolicy.after(SECOND).limit(1 + dice.below(3), Duration.ofSeconds(20));
            default -> RestartPolicy.after(SECOND.multipliedBy(1 + dice.below(5)));
        };
    }
}
