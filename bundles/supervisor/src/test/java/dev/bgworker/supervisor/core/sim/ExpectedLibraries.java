package dev.bgworker.supervisor.core.sim;

import dev.bgworker.api.control.BackgroundWorker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which libraries are away (R8). A library is here, or gone with a time to come back, or removed with runs to end. */
final class ExpectedLibraries {

    private final NavigableSet<String> gone = new TreeSet<>();
    private final NavigableSet<String> leaving = new TreeSet<>();
    private final Map<String, Instant> graceUntil = new TreeMap<>();
    private final Map<String, Map<String, String>> cannotGive = new TreeMap<>();

    void current(String library, Map<String, String> cannot) {
        removed(library);
        cannotGive.put(library, cannot);
    }

    void changed(String library, Map<String, String> cannot) { cannotGive.put(library, cannot); }

    void goes(String library) {
        removed(library);
        gone.add(library);
    }

    void leaves(String library) {
        removed(library);
        leaving.add(library);
    }

    private void removed(String library) {
        gone.remove(library);
        leaving.remove(library);
        graceUntil.remove(library);
        cannotGive.remove(library);
    }

    boolean away(String library) { return gone.contains(library) || leaving.contains(library); }

    Optional<String> cannotGive(BackgroundWorker definition) {
        return Optional.ofNullable(
                cannotGive.getOrDefault(definition.libraryName(), Map.of()).get(definition.functionName()));
    }

    /** With these libraries having runs: the time to come back begins when the last is over. */
    void settle(NavigableSet<String> running, Instant now, Duration grace) {
        leaving.removeIf(each -> !running.contains(each));
        for (String each : gone) {
            if (!running.contains(each)) {
                graceUntil.putIfAbsent(each, now.plus(grace));
            }
        }
    }

    /** Gone for so long that they count as removed; each once. */
    List<String> over(Instant now) {
        List<String> over = new ArrayList<>();
        graceUntil.forEach((library, until) -> {
            if (!until.isAfter(now)) {
                over.add(library);
            }
        });
        over.forEach(this::removed);
        return over;
    }

    Optional<Instant> nextGrace() { return graceUntil.values().stream().min(Instant::compareTo); }
}
