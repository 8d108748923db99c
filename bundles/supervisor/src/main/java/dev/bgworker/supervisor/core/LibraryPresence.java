package dev.bgworker.supervisor.core;

import dev.bgworker.api.control.BackgroundWorker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which libraries went away and may come back. One that was never here is not among them: it is loaded on first need, by the
 * worker.
 */
final class LibraryPresence {

    private final Set<String> gone = new HashSet<>();
    private final Set<String> leaving = new HashSet<>();
    private final Map<String, Instant> graceUntil = new HashMap<>();
    private final Map<String, Map<String, String>> unsatisfied = new HashMap<>();

    void came(String library, Map<String, String> cannotGive) {
        removed(library);
        unsatisfied(library, cannotGive);
    }

    /** Functions that the current version cannot give now, with the reason. */
    void unsatisfied(String library, Map<String, String> cannotGive) {
        unsatisfied.put(library, Map.copyOf(cannotGive));
    }

    /** Why the function of this definition is not to be had now, or empty. */
    String unsatisfied(BackgroundWorker definition) {
        return unsatisfied.getOrDefault(definition.libraryName(), Map.of()).getOrDefault(definition.functionName(), "");
    }

    void went(String library) {
        unsatisfied.remove(library);
        graceUntil.remove(library);
        leaving.remove(library);
        gone.add(library);
    }

    /** None of its workers runs any more: only now begins the time in which it may come back. */
    void drained(String library, Instant until) {
        if (gone.contains(library)) {
            graceUntil.putIfAbsent(library, until);
        }
    }

    /** For good: who needs it now looks it up anew. */
    void removed(String library) {
        gone.remove(library);
        leaving.remove(library);
        graceUntil.remove(library);
        unsatisfied.remove(library);
    }

    /** Removed, and its last runs are still to end: who starts now would hold that up. */
    void leaves(String library) {
        leaving.add(library);
    }

    /** True when that was awaited. */
    boolean left(String library) { return leaving.remove(library); }

    boolean gone(String library) { return gone.contains(library) || leaving.contains(library); }

    /** Libraries whose grace is over, each told once; afterwards they count as removed. */
    List<String> graceOver(Instant now) {
        if (graceUntil.isEmpty()) {
            return List.of();
        }
        List<String> over = new ArrayList<>();
        graceUntil.forEach((library, until) -> {
            if (!until.isAfter(now)) {
                over.add(library);
            }
        });
        over.forEach(this::removed);
        return over;
    }

    Optional<Instant> nextGrace() {
        return graceUntil.isEmpty() ? Optional.empty() : graceUntil.values().stream().min(Instant::compareTo);
    }
}
