package dev.bgworker.shell;

import dev.bgworker.api.control.TimeText;
import java.time.Duration;
import java.util.Optional;

/** The value of {@code --wait}: a time as PostgreSQL's settings have it. */
final class TimeSetting {

    private static final String WAIT = "--wait";

    private TimeSetting() {}

    /** Empty when nothing was said. */
    static Optional<Duration> wait(Arguments given) {
        return given.value(WAIT).map(text -> TimeText.parse(text).filter(time -> !time.isNegative())
                .orElseThrow(() -> CommandFailure.misuse("invalid value for option " + WAIT + ": \"" + text + "\"",
                        TimeText.UNITS)));
    }
}
