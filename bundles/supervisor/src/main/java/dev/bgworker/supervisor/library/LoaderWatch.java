package dev.bgworker.supervisor.library;

import dev.bgworker.api.control.Server.LibraryRow;
import java.lang.ref.Reference;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the class loader of a version that was replaced or removed becomes garbage, and says who holds it when it
 * does not: all that its classes hold stays in memory with it. Thread-safe; holds no loader itself.
 */
final class LoaderWatch {

    /** What follows a wait; it must not block. */
    @FunctionalInterface
    interface Timer {
        void after(Duration wait, Runnable then);
    }

    /**
     * A version that went.
     *
     * @param wired bundles that still take packages from it
     */
    record Gone(String library, String version, String file, Reference<ClassLoader> loader, Supplier<List<String>> wired) {}

    /** How long its last threads and whoever tracks services may take. */
    static final Duration COLLECT_AFTER = Duration.ofSeconds(50);
    static final Duration LOOK_AFTER = Duration.ofSeconds(60);
    /**
     * G1 takes a loader for alive as long as it is young, and in a host that does little only an asked-for collection makes it
     * older: the sixteenth or so finds it old. So where nobody is seen to hold it, it is not spoken of before.
     */
    static final int COLLECTIONS = 20;
    static final Duration LOOK_AGAIN = Duration.ofSeconds(10);
    private static final Duration ONE_COLLECTION_SERVES = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger("bgworkerd");

    private final Clock clock;
    private final Timer timer;
    private final Runnable collection;
    private final Function<ClassLoader, List<String>> holders;
    private final Map<Gone, String> held = new ConcurrentHashMap<>();
    /** Guarded by this. */
    private Instant collected = Instant.MIN;

    /**
     * @param collection asks for a collection of garbage
     * @param holders threads that hold a loader, in words
     */
    LoaderWatch(Clock clock, Timer timer, Runnable collection, Function<ClassLoader, List<String>> holders) {
        this.clock = clock;
        this.timer = timer;
        this.collection = collection;
        this.holders = holders;
    }

    /** Its wiring is gone, so nothing should hold its loader much longer. */
    void gone(Gone version) {
        timer.after(COLLECT_AFTER, () -> collect(version));
    }

    private void collect(Gone version) {
        if (!version.loader().refersTo(null)) {
            ask();
            timer.after(LOOK_AFTER.minus(COLLECT_AFTER), () -> look(version, 1));
        }
    }

    private void ask() {
        if (isCollectionDue()) {
            collection.run();
        }
    }

    /** Versions that went together share it. */
    private synchronized boolean isCollectionDue() {
        Instant now = clock.instant();
        boolean due = collected.equals(Instant.MIN) || !now.isBefore(collected.plus(ONE_COLLECTION_SERVES));
        collected = due ? now : collected;
        return due;
    }

    private void look(Gone version, int asked) {
        List<String> by = by(version);
        if (version.loader().refersTo(null)) {
            return;
        }
        if (by.isEmpty() && asked < COLLECTIONS) {
            ask();
            timer.after(LOOK_AGAIN, () -> look(version, asked + 1));
            return;
        }
        Duration since = LOOK_AFTER.plus(LOOK_AGAIN.multipliedBy(asked - 1L));
        String why = "its classes are still held " + since.toSeconds() + " s after it went"
                + (by.isEmpty()
                        ? "; no thread is seen to hold them: look for a thread local, a listener, a driver, a static field"
                        : ", by " + String.join(", ", by));
        held.keySet().removeIf(each -> each.loader().refersTo(null));
        held.put(version, why);
        LOG.warn("library \"{}\" {} from {}: {}", version.library(), version.version(), version.file(), why);
    }

    /** In a frame of its own: whoever asks for a collection must not have the loader on his stack. */
    private List<String> by(Gone version) {
        ClassLoader loader = version.loader().get();
        List<String> by = new ArrayList<>(version.wired().get());
        if (loader != null) {
            by.addAll(holders.apply(loader));
        }
        return by;
    }

    /** Versions that went and are still held. */
    List<LibraryRow> rows() {
        return held.entrySet().stream().filter(each -> !each.getKey().loader().refersTo(null))
                .map(each -> new LibraryRow(each.getKey().library(), each.getKey().version(), each.getKey().file(), "HELD",
                        each.getValue()))
                .sorted(Comparator.comparing(LibraryRow::name).thenComparing(LibraryRow::version)).toList();
    }
}
