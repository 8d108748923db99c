package dev.bgworker.toolkit;

import dev.bgworker.api.control.BackgroundWorkers.NoWorkerSlotException;
import dev.bgworker.api.process.ErrorData;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;

/**
 * Registrations that the host refused: who need not ask again yet, and what was said of it. One WARNING per episode, as the
 * launcher's "out of background worker slots". The owner's thread only.
 */
final class Refusals<K> {

    /** For all libraries. */
    private static final String ALL = "";

    private final Logger log;
    /** By library: none of its children asks before. An entry stays until a keep in which none was refused. */
    private final Map<String, Duration> noSlot = new HashMap<>();

    Refusals(Logger log) { this.log = log; }

    boolean refused(Child<K> child, Duration now) { return !noSlot.isEmpty() && now.compareTo(until(child)) < 0; }

    /** When it may ask again. */
    Duration until(Child<K> child) {
        Duration all = noSlot.getOrDefault(ALL, Duration.ZERO);
        Duration own = noSlot.getOrDefault(child.definition.libraryName(), Duration.ZERO);
        return all.compareTo(own) > 0 ? all : own;
    }

    /** The quota of a library keeps nobody else from asking. */
    void noSlot(Child<K> child, NoWorkerSlotException why, Duration until) {
        boolean quota = why.setting().equals("max_worker_processes_per_library");
        if (noSlot.put(quota ? child.definition.libraryName() : ALL, until) == null) {
            say(child, why.data());
        }
    }

    /** Whatever else keeps it from being launched; said when it is something new. */
    void failed(Child<K> child, ErrorData why) {
        if (!child.complaint.equals(why.message())) {
            child.complaint = why.message();
            say(child, why);
        }
    }

    /** After all have asked who may: where nobody was refused again, there are slots. */
    void settle(Duration now) {
        if (!noSlot.isEmpty()) {
            noSlot.values().removeIf(until -> until.compareTo(now) <= 0);
        }
    }

    private void say(Child<K> child, ErrorData why) {
        log.warn("worker set: \"{}\" is not launched: {}", child, why.inWords());
    }
}
