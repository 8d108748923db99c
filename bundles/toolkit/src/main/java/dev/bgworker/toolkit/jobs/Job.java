package dev.bgworker.toolkit.jobs;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * What is to be done, when, and how often it may fail. A value, made by {@link #of} and changed by copies.
 *
 * @param payload what the handler is given, at most 64 KiB of UTF-8
 * @param key null, or what is unique among the jobs of its queue that are ready or running
 * @param at null, or not before this moment
 * @param delay since it is scheduled; zero when {@code at} says it
 * @param maxAttempts so many failures make it dead
 */
public record Job(String payload, String key, Instant at, Duration delay, int maxAttempts) {

    static final int MAX_PAYLOAD = 64 * 1024;
    private static final int MAX_KEY = 255;

    public Job {
        int bytes = payload.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_PAYLOAD) {
            throw refused(errcode("54000", "payload of a job is too long")
                    .errdetail("It has " + bytes + " bytes, at most " + MAX_PAYLOAD + " are allowed.")
                    .errhint("Keep it in a table, and give the job its key."));
        }
        if (key != null && (key.isEmpty() || key.length() > MAX_KEY)) {
            throw refused(errcode("22023", "key of a job has " + key.length() + " characters")
                    .errhint("It has 1 to " + MAX_KEY + ", or the job has none."));
        }
        if (delay.isNegative()) {
            throw refused(errcode("22023", "delay of a job is negative: " + delay)
                    .errhint("Leave out in() for a job that is due at once."));
        }
        if (maxAttempts < 1) {
            throw refused(errcode("22023", "a job may be attempted " + maxAttempts + " times")
                    .errhint("maxAttempts() is at least 1, which is no retry."));
        }
    }

    /** Due at once, without key, ten attempts. */
    public static Job of(String payload) {
        return new Job(payload, null, null, Duration.ZERO, 10);
    }

    /** Not before that moment of the host's wall clock. */
    public Job at(Instant moment) {
        return new Job(payload, key, moment, Duration.ZERO, maxAttempts);
    }

    /** So long after it was scheduled. */
    public Job in(Duration delay) {
        return new Job(payload, key, null, delay, maxAttempts);
    }

    /**
     * Not a second time while one with this key is ready or running; a handler may schedule its own job again by its key, a
     * long one once it has called {@code JobQueue.finish}.
     */
    public Job key(String key) { return new Job(payload, key, at, delay, maxAttempts); }

    /** Dead after so many failures. */
    public Job maxAttempts(int times) { return new Job(payload, key, at, delay, times); }

    Instant runAt(Instant now) { return at == null ? now.plus(delay) : at; }

    private static ErrorException refused(ErrorData data) { return new ErrorException(data); }
}
