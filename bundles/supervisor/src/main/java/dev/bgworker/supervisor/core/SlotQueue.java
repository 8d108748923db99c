package dev.bgworker.supervisor.core;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Static workers that wait for a slot, served by age; a library at its quota does not keep those of others waiting. */
final class SlotQueue {

    private static final Comparator<Registration> BY_AGE = Comparator.comparing(each -> each.id);

    private final Map<String, NavigableSet<Registration>> byLibrary = new HashMap<>();

    void add(Registration worker) {
        byLibrary.computeIfAbsent(worker.definition.libraryName(), name -> new TreeSet<>(BY_AGE)).add(worker);
    }

    void remove(Registration worker) {
        byLibrary.computeIfPresent(worker.definition.libraryName(), (name, all) -> {
            all.remove(worker);
            return all.isEmpty() ? null : all;
        });
    }

    boolean isEmpty() { return byLibrary.isEmpty(); }

    /** The oldest one of a library that may have another slot. */
    Optional<Registration> oldest(Predicate<String> mayHaveAnother) {
        return byLibrary.entrySet().stream().filter(each -> mayHaveAnother.test(each.getKey()))
                .map(each -> each.getValue().first()).min(BY_AGE);
    }
}
