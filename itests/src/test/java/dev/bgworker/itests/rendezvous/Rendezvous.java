package dev.bgworker.itests.rendezvous;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Where tests and the workers of test bundles meet: one class for all bundles, since the framework takes this package from
 * the class path. Thread-safe. Holds text only, so that it keeps no bundle's class loader.
 */
public final class Rendezvous {

    private static final Map<String, CountDownLatch> GATES = new ConcurrentHashMap<>();
    private static final Map<String, String> NOTES = new ConcurrentHashMap<>();

    private Rendezvous() {}

    /** Lets everybody pass who waits there, now and later. */
    public static void open(String gate) {
        gate(gate).countDown();
    }

    /** Waits until it is open; false when the time is over first. */
    public static boolean pass(String gate, Duration longest) throws InterruptedException {
        return gate(gate).await(longest.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static CountDownLatch gate(String name) { return GATES.computeIfAbsent(name, key -> new CountDownLatch(1)); }

    /** Leaves a note; a later one of the same subject replaces it. */
    public static void note(String subject, String text) {
        NOTES.put(subject, text);
    }

    public static Optional<String> read(String subject) { return Optional.ofNullable(NOTES.get(subject)); }

    /** As it was before the first test of a class. */
    public static void clear() {
        GATES.clear();
        NOTES.clear();
    }
}
