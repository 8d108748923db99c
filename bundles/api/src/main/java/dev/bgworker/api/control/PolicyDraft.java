package dev.bgworker.api.control;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.process.ErrorData;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** What was said of a restart policy so far; null is not said. Of one thread, which also writes the fields. */
final class PolicyDraft {

    /** The growth and the cap of a back-off of which neither was said. */
    private static final double FACTOR = 2;
    private static final Duration CAP = Duration.ofMinutes(5);

    private final Set<String> said = new TreeSet<>();
    Duration delay = RestartPolicy.DEFAULT.delay();
    Double factor;
    Duration cap;
    Double jitter;
    Duration healthyAfter;
    Integer starts;
    Duration window;

    <T> void set(String key, BiConsumer<PolicyDraft, T> member, T value) {
        said.add(key);
        member.accept(this, value);
    }

    /** What was said and cannot be meant. */
    Optional<ErrorData> fault() {
        if (delay.equals(RestartPolicy.NEVER.delay()) && !said.isEmpty()) {
            return Optional.of(
                    errcode("22023", "parameter \"" + said.iterator().next() + "\" cannot be set for a worker that is "
                            + "never restarted").errhint("Leave it out, or set bgw_restart_time to a time."));
        }
        if (window != null && starts == null) {
            return Optional.of(errcode("22023", "parameter \"limit.starts\" must be specified")
                    .errhint("Say how many starts within \"limit.window\" are allowed."));
        }
        if (starts != null && starts > 0 && window == null) {
            return Optional.of(errcode("22023", "parameter \"limit.window\" must be specified")
                    .errhint("Say within what time so many starts are too many."));
        }
        return Optional.empty();
    }

    RestartPolicy build() {
        RestartPolicy policy = RestartPolicy.after(delay);
        if (said.stream().anyMatch(key -> key.startsWith("backoff."))) {
            RestartPolicy usual = policy.backoff(FACTOR, delay.compareTo(CAP) > 0 ? delay : CAP);
            policy = new RestartPolicy(delay, or(factor, usual.factor()), or(cap, usual.cap()), or(jitter, usual.jitter()),
                    or(healthyAfter, usual.healthyAfter()), 0, Duration.ZERO);
        }
        return starts == null ? policy : policy.limit(starts, or(window, Duration.ZERO));
    }

    private static <T> T or(T value, T otherwise) { return value == null ? otherwise : value; }
}
