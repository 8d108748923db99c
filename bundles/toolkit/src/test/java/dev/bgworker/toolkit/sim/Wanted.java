package dev.bgworker.toolkit.sim;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.Datum;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the owner wants at present, in order, and how its keys are defined. */
final class Wanted {

    private static final List<RestartPolicy> POLICIES = List.of(RestartPolicy.NEVER, RestartPolicy.after(Duration.ZERO),
            RestartPolicy.after(Duration.ofSeconds(5)),
            RestartPolicy.after(Duration.ofSeconds(1)).backoff(2, Duration.ofSeconds(30)),
            RestartPolicy.after(Duration.ofSeconds(1)).limit(3, Duration.ofSeconds(60)));

    /** How a key is defined. */
    enum Kind {
        GOOD, REFUSED, THROWS
    }

    private record Version(Kind kind, int number, int policy) {}

    final List<String> keys = new ArrayList<>();
    /** Kept out by a stop, until a keep does not want them. */
    final Set<String> held = new HashSet<>();
    private final Map<String, Version> versions = new HashMap<>();
    private final Dice dice;
    private int lastVersion;

    Wanted(Dice dice) { this.dice = dice; }

    void redefine(String key, Kind kind) {
        versions.put(key, new Version(kind, ++lastVersion, dice.below(POLICIES.size())));
    }

    /** From now on all can be had; those that cannot are defined anew. */
    void heal() {
        for (String each : List.copyOf(versions.keySet())) {
            if (versions.get(each).kind() != Kind.GOOD) {
                redefine(each, Kind.GOOD);
            }
        }
    }

    Kind kind(String key) { return versions.get(key).kind(); }

    boolean good(String key) { return versions.get(key).kind() == Kind.GOOD; }

    boolean active(String key) { return keys.contains(key) && !held.contains(key); }

    /** The function of the set's author. */
    BackgroundWorker definition(String key) {
        Version version = versions.get(key);
        if (version.kind() == Kind.THROWS) {
            throw new ErrorException(ErrorData.errcode("42704", "no such subscription"));
        }
        return BackgroundWorker.builder(key, VirtualHost.LIBRARY, "main")
                .type(version.kind() == Kind.REFUSED ? "\n" : "child").mainArg(Datum.of(version.number()))
                .flags(Keys.shmem(key) ? Set.of(Flag.SHMEM_ACCESS) : Set.of()).restart(POLICIES.get(version.policy()))
                .build();
    }
}
