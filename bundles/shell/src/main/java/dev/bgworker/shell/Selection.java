package dev.bgworker.shell;

import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Which workers {@code bgw:list} was asked for: all, unless {@code --state} or {@code --limit} say otherwise. Pure. */
final class Selection {

    private Selection() {}

    static List<WorkerDetails> of(Arguments given, List<WorkerDetails> workers) {
        Set<State> states = given.value("--state").map(Selection::states).orElse(EnumSet.allOf(State.class));
        int limit = given.value("--limit").map(Selection::rows).orElse(Integer.MAX_VALUE);
        return workers.stream().filter(worker -> states.contains(worker.state())).limit(limit).toList();
    }

    private static Set<State> states(String text) {
        return Arrays.stream(text.split(",")).map(word -> Arrays.stream(State.values())
                .filter(state -> state.name().equals(word.strip().toUpperCase(Locale.ROOT))).findFirst()
                .orElseThrow(() -> CommandFailure.misuse("invalid value for option --state: \"" + word + "\"",
                        "Available values: " + Arrays.stream(State.values()).map(State::name)
                                .collect(Collectors.joining(", ")) + ".")))
                .collect(Collectors.toSet());
    }

    private static int rows(String text) {
        if (!text.matches("\\d{1,9}")) {
            throw CommandFailure.misuse("invalid value for option --limit: \"" + text + "\"", "It is a number of rows.");
        }
        return Integer.parseInt(text);
    }
}
