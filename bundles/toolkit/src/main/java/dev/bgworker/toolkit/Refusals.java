package dev.bgworker.toolkit;

import dev.bgworker.api.control.BackgroundWorkers.NoWorkerSlotException;
import dev.bgworker.api.process.ErrorData;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;

/**
 * Registrations that the host refused: who need not ask again yet, and what was said of it. One WARNING per episode, as the
 * launcher's "out of background worker slots". The owner's thread only.
 */
final class Refusals<K> {

    /** For all libraries. */
    private static final String ALL = "";

    /** One of those that an episode keeps from being launched, and why. */
    private record First<K>(Child<K> child, ErrorData why) {}

    private final Logger log;
    /** By library: none of its children asks before. An entry stays until a keep in which none was refused. */
    private final Map<String, Duration> noSlot = new HashMap<>();

    /** By library: episodes that began in this keep, said when all have asked. */
    private final Map<String, First<K>> begun = new HashMap<>();

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
        String whose = quota ? child.definition.libraryName() : ALL;
        if (noSlot.put(whose, until) == null) {
            begun.put(whose, new First<>(child, why.data()));
        }
    }

    /** Whatever else keeps it from being launched; said when it is something new. */
    void failed(Child<K> child, ErrorData why) {
        if (!child.complaint.equals(why.message())) {
            child.complaint = why.message();
            say(child, 0, why);
        }
    }

    /** After all have asked who may: where nobody was refused again, there are slots. */
    void settle(List<Child<K>> children, Duration now) {
        begun.forEach((whose, first) -> say(first.child(), (int) children.stream()
                .filter(each -> each != first.child() && each.launchable(now))
                .filter(each -> whose.equals(ALL) || whose.equals(each.definition.libraryName())).count(), first.why()));
        begun.clear();
        if (!noSlot.isEmpty()) {
            noSlot.values().removeIf(until -> until.compareTo(now) <= 0);
        }
    }

    private void say(Child<K> child, int others, ErrorData why) {
        String who = switch (others) {
            case 0 -> "\" is";
            case 1 -> "\" and 1 other are";
            default -> "\" and " + others + " others are";
        };
        log.warn("worker set: \"{}{} not launched: {}", child, who, why.inWords());
    }
}
