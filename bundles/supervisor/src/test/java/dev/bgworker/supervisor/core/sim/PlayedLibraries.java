package dev.bgworker.supervisor.core.sim;

import dev.bgworker.api.control.BackgroundWorker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Libraries and files that come, go, change, are upgraded and removed, in the order in which the tracker tells it. */
final class PlayedLibraries {

    private static final List<String> FILES = List.of("f0", "f1");

    private final VirtualLoop loop;
    private final Dice dice;
    private final Definitions definitions;
    /** What the current version of each declares; absent when none is current. */
    private final Map<String, List<BackgroundWorker>> current = new TreeMap<>();
    /** Being upgraded: the new version comes when the old one is drained. */
    private final NavigableSet<String> upgraded = new TreeSet<>();
    private int version;

    PlayedLibraries(VirtualLoop loop, Definitions definitions) {
        this.loop = loop;
        this.dice = loop.dice;
        this.definitions = definitions;
    }

    void library() {
        String library = definitions.library();
        if (!current.containsKey(library)) {
            if (dice.chance(0.8)) {
                comes(library, declared(library), cannot());
            } else {
                goes(library, dice.chance(0.5));
            }
            return;
        }
        switch (dice.below(4)) {
            case 0 -> {
                upgraded.add(library);
                goes(library, false);
                if (dice.chance(0.1)) { // one of its own workers updated it: that one is not waited for
                    drained(library);
                }
            }
            case 1 -> goes(library, dice.chance(0.5));
            default -> changes(library, cannot());
        }
    }

    private void comes(String library, List<BackgroundWorker> declared, Map<String, String> cannot) {
        upgraded.remove(library);
        current.put(library, declared);
        String next = String.valueOf(++version);
        loop.step("library " + library + " comes with " + declared.stream().map(BackgroundWorker::name).toList()
                + ", cannot give " + cannot, () -> loop.statics.current(library, declared, cannot),
                () -> loop.supervision.statics().libraryCurrent(library, next, declared, cannot));
    }

    private void goes(String library, boolean removed) {
        current.remove(library);
        if (removed) {
            upgraded.remove(library);
        }
        loop.watch.awaitsDrain(library);
        loop.step("library " + library + (removed ? " is removed" : " goes"), () -> loop.statics.goes(library, removed),
                () -> loop.supervision.statics().libraryGoes(library, removed));
    }

    private void changes(String library, Map<String, String> cannot) {
        loop.step("library " + library + " cannot give " + cannot, () -> loop.statics.componentsChanged(library, cannot),
                () -> loop.supervision.statics().componentsChanged(library, cannot));
    }

    void drained(String library) {
        if (upgraded.contains(library)) {
            loop.agenda.after(dice.upTo(Duration.ofSeconds(1)), () -> {
                if (upgraded.contains(library)) {
                    comes(library, declared(library), cannot());
                }
            });
        }
    }

    private List<BackgroundWorker> declared(String library) {
        List<BackgroundWorker> some = new ArrayList<>();
        for (int i = dice.below(4); i > 0; i--) {
            String code = dice.chance(0.1) ? definitions.library() : library;
            some.add(definitions.of("s" + dice.below(3), code, dice.chance(0.1) ? 1 : 0));
        }
        return some;
    }

    private Map<String, String> cannot() {
        return dice.chance(0.25) ? Map.of(dice.one(Definitions.FUNCTIONS), dice.one("waits", "lacks")) : Map.of();
    }

    void file() {
        String name = dice.one(FILES);
        String file = name + ".cfg";
        BackgroundWorker definition = definitions.of(name, definitions.library(), 0);
        switch (dice.below(4)) {
            case 0 -> loop.step("file " + name + " is removed", () -> loop.statics.fileRemoved(name, file),
                    () -> loop.supervision.statics().fileRemoved(name, file));
            case 1 -> loop.step("file " + name + " is refused", () -> loop.statics.fileRefused(name, file),
                    () -> loop.supervision.statics().fileRefused(name, definition, file, PlayedThreads.FAILURE));
            default -> loop.step("file " + name + " registers a worker of " + definition.libraryName(),
                    () -> loop.statics.fileRegisters(name, definition, file),
                    () -> loop.supervision.statics().fileRegisters(name, definition, file));
        }
    }

    /** All are there and can give everything. */
    void heal() {
        for (String each : Definitions.LIBRARIES) {
            if (current.containsKey(each)) {
                changes(each, Map.of());
            } else {
                comes(each, List.of(definitions.of("s0", each, 0)), Map.of());
            }
        }
    }
}
