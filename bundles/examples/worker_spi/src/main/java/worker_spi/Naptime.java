package worker_spi;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code worker_spi.naptime}: whole seconds, 1 to 2147483647, 1 when not set. */
final class Naptime {

    static final Duration DEFAULT = Duration.ofSeconds(1);

    private static final String PARAMETER = "worker_spi.naptime";
    private static final Logger LOG = LoggerFactory.getLogger(Naptime.class);

    private Naptime() {}

    /** What the settings say; a value that is refused leaves the current one in force, as PostgreSQL's reload does. */
    static Duration of(Map<String, String> settings, Duration current) {
        String value = settings.get(PARAMETER);
        if (value == null) {
            return DEFAULT;
        }
        return parse(value).orElseGet(() -> {
            LOG.warn("invalid value for parameter \"{}\": \"{}\"; it stays {} s. Give whole seconds, 1 to {}.", PARAMETER,
                    value,
                    current.toSeconds(), Integer.MAX_VALUE);
            return current;
        });
    }

    private static Optional<Duration> parse(String value) {
        if (!value.matches("[0-9]{1,10}")) {
            return Optional.empty();
        }
        long seconds = Long.parseLong(value);
        return seconds >= 1 && seconds <= Integer.MAX_VALUE ? Optional.of(Duration.ofSeconds(seconds)) : Optional.empty();
    }
}
