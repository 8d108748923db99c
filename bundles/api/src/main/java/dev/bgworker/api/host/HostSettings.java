package dev.bgworker.api.host;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import java.time.Duration;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** Offered by the supervisor: what {@code bgw.cfg} says, checked when it was read, and the defaults. Thread-safe. */
@ProviderType
public interface HostSettings {

    /** {@code SHOW ALL}: the value of each setting as text. */
    Map<String, String> all();

    /**
     * {@code SHOW}.
     *
     * @throws ErrorException 42704 for a name that is none
     */
    String get(String name);

    /** As {@link #get}, of a setting that is a time; zero is off. */
    Duration time(String name);

    /** Runs that after each change until closed, on the thread that read it; must not block. */
    Held listen(Runnable changed);
}
