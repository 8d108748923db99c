package dev.bgworker.supervisor.core;

import dev.bgworker.api.control.BackgroundWorker;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds registrations by what an event names, so that no event has to look at all of them. */
final class Registrations {

    /** Oldest first, as they were added. */
    private final Map<Long, Registration> byId = new LinkedHashMap<>();
    private final Map<Long, Registration> byPid = new HashMap<>();
    private final Map<Identity, Registration> byIdentity = new HashMap<>();
    private final Map<String, Set<Registration>> byLibrary = new HashMap<>();
    private final Map<String, Set<Registration>> byOwner = new HashMap<>();
    private final Map<String, Integer> runsOfLibrary = new HashMap<>();
    private final Map<String, Integer> slotsOfLibrary = new HashMap<>();
    private final NavigableSet<Registration> alarms = new TreeSet<>(
            Comparator.comparing((Registration each) -> each.wakeAt).thenComparing(each -> each.id));
    /** Of the first alarm; kept, since each pass asks and the way to the first one grows with their number. */
    private Optional<Instant> nextAlarm = Optional.empty();
    private int runs;
    private int shmemRuns;

    void add(Registration worker) {
        byId.put(worker.id, worker);
        libraries(worker).forEach(name -> byLibrary.computeIfAbsent(name, key -> new LinkedHashSet<>()).add(worker));
        byOwner.computeIfAbsent(worker.owner, name -> new LinkedHashSet<>()).add(worker);
        if (worker.isStatic()) {
            byIdentity.put(worker.identity, worker);
        }
    }

    void remove(Registration worker) {
        byId.remove(worker.id);
        byPid.remove(worker.pid);
        libraries(worker).forEach(name -> removeFrom(byLibrary, name, worker));
        removeFrom(byOwner, worker.owner, worker);
        if (worker.isStatic()) {
            byIdentity.remove(worker.identity, worker);
        }
        noAlarm(worker);
    }

    /** The library whose function it runs and, if that is another one, the library that declared it. */
    private static Set<String> libraries(Registration worker) {
        String runs = worker.definition.libraryName();
        return worker.isStatic() && !worker.fromFile() && !worker.declaredBy(runs)
                ? Set.of(runs, worker.identity.library())
                : Set.of(runs);
    }

    private static void removeFrom(Map<String, Set<Registration>> index, String key, Registration worker) {
        index.computeIfPresent(key, (name, all) -> {
            all.remove(worker);
            return all.isEmpty() ? null : all;
        });
    }

    /** Its run begins; the library is that of the run, whatever the definition says later. */
    void runs(Registration worker, long pid) {
        worker.pid = pid;
        worker.runLibrary = worker.definition.libraryName();
        worker.runShmem = worker.hasShmemAccess();
        byPid.put(pid, worker);
        runs++;
        shmemRuns += worker.runShmem ? 1 : 0;
        runsOfLibrary.merge(worker.runLibrary, 1, Integer::sum);
    }

    /** The run no longer counts: exited, or given up. */
    void runEnded(Registration worker) {
        runs--;
        shmemRuns -= worker.runShmem ? 1 : 0;
        runsOfLibrary.computeIfPresent(worker.runLibrary, (name, count) -> count == 1 ? null : count - 1);
    }

    void forgetPid(long pid) { byPid.remove(pid); }

    Optional<Registration> withPid(long pid) { return Optional.ofNullable(byPid.get(pid)); }

    Optional<Registration> withIdentity(Identity identity) { return Optional.ofNullable(byIdentity.get(identity)); }

    /** A copy, so that the caller may drop what it walks over. */
    List<Registration> ofLibrary(String library) {
        return List.copyOf(byLibrary.getOrDefault(library, Set.of()));
    }

    /** A copy. */
    List<Registration> ofOwner(String owner) { return List.copyOf(byOwner.getOrDefault(owner, Set.of())); }

    /** A copy, oldest first. */
    List<Registration> all() { return List.copyOf(byId.values()); }

    boolean contains(Registration worker) { return byId.get(worker.id) == worker; }

    boolean drained(String library) { return !runsOfLibrary.containsKey(library); }

    int runs() { return runs; }

    /** Runs of workers with SHMEM_ACCESS. */
    int shmemRuns() { return shmemRuns; }

    /** It takes that slot. */
    void hold(Registration worker, int slot) {
        worker.slot = slot;
        slotsOfLibrary.merge(worker.definition.libraryName(), 1, Integer::sum);
    }

    /** It has no slot any more; the one that it had, or -1. */
    int release(Registration worker) {
        int slot = worker.slot;
        if (slot >= 0) {
            slotsOfLibrary.computeIfPresent(worker.definition.libraryName(), (name, count) -> count == 1 ? null : count - 1);
        }
        worker.slot = -1;
        return slot;
    }

    /** Slots held by workers that run functions of that library. */
    int slotsOf(String library) {
        return slotsOfLibrary.getOrDefault(library, 0);
    }

    void wakeAt(Registration worker, Instant when) {
        noAlarm(worker);
        worker.wakeAt = when;
        alarms.add(worker);
        alarmsChanged();
    }

    private void alarmsChanged() { nextAlarm = alarms.isEmpty() ? Optional.empty() : Optional.of(alarms.first().wakeAt); }

    void noAlarm(Registration worker) {
        if (worker.wakeAt != null) {
            alarms.remove(worker);
            alarmsChanged();
        }
    }

    Optional<Instant> nextAlarm() { return nextAlarm; }

    /** The next one whose time has come, taken off. */
    Optional<Registration> due(Instant now) {
        if (nextAlarm.isEmpty() || nextAlarm.get().isAfter(now)) {
            return Optional.empty();
        }
        Registration first = alarms.pollFirst();
        alarmsChanged();
        return Optional.of(first);
    }

    /** Changes the definition of a registered one, which may name another library. */
    void redefine(Registration worker, BackgroundWorker definition) {
        libraries(worker).forEach(name -> removeFrom(byLibrary, name, worker));
        int slot = release(worker);
        worker.definition = definition;
        if (slot >= 0) {
            hold(worker, slot);
        }
        libraries(worker).forEach(name -> byLibrary.computeIfAbsent(name, key -> new LinkedHashSet<>()).add(worker));
    }
}
