package dev.bgworker.spi.engine;

import dev.bgworker.api.process.ErrorException;
import java.time.Duration;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * What an acknowledged commit survives, and how long the engine keeps what it replaced in its files. A value.
 *
 * @param retention {@code retention_time}: bounds the growth of a file to what is written in that time
 */
public record Durability(Profile profile, Duration retention) {

    /** The setting {@code durability}. */
    public enum Profile {
        /** Written when commit returns: survives the end of the process, however it comes. */
        DURABLE,
        /** Forced to the disk as well: survives the loss of power. */
        FSYNC,
        /** Written half a second later. */
        FAST
    }

    /** The usual one. */
    public static final Durability DEFAULT = new Durability(Profile.DURABLE, Duration.ofSeconds(10));

    /** By the values of {@code durability} and {@code retention_time}. */
    public static Durability of(String profile, Duration retention) {
        return new Durability(switch (profile) {
            case "durable" -> Profile.DURABLE;
            case "fsync" -> Profile.FSYNC;
            case "fast" -> Profile.FAST;
            default -> throw new ErrorException(
                    errcode("22023", "invalid value for parameter \"durability\": \"" + profile + "\"")
                            .errhint("Available values: durable, fsync, fast."));
        }, retention);
    }

    /** Whether a commit is forced to the disk before it is acknowledged. */
    public boolean sync() {
        return profile == Profile.FSYNC;
    }

    /** The same, but not FAST. */
    public Durability lasting() {
        return profile == Profile.FAST ? new Durability(Profile.DURABLE, retention) : this;
    }
}
