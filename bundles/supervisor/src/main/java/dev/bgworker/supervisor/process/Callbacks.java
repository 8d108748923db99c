package dev.bgworker.supervisor.process;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Scope.End;
import dev.bgworker.api.process.Scope.Event;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The callbacks of one scope, last registered first. One of them may unregister itself, or another, while they run. */
final class Callbacks {

    private final BgProc proc;
    private final boolean process;
    /** Both: the owner's thread only. Most scopes have none, so the map comes with the first; the bits stay. */
    private Map<Event, Deque<Entry>> all = Map.of();
    private int registered;

    private static final class Entry {
        private final Consumer<End> callback;
        private boolean registered = true;

        private Entry(Consumer<End> callback) { this.callback = callback; }
    }

    /** @param process whether they are those of its outermost scope */
    Callbacks(BgProc proc, boolean process) {
        this.proc = proc;
        this.process = process;
    }

    Held add(Event event, Consumer<End> callback) {
        if (event.compareTo(Event.BEFORE_SHMEM_EXIT) >= 0 && !process) {
            throw proc.error("22023", event + " is an event of a process, not of a scope inside it", "");
        }
        if (registered == 0) {
            all = new EnumMap<>(Event.class);
        }
        registered |= 1 << event.ordinal();
        Deque<Entry> entries = all.computeIfAbsent(event, key -> new ArrayDeque<>());
        Entry entry = new Entry(callback);
        entries.push(entry);
        return () -> remove(event, entries, entry);
    }

    /** Whether one may be told of one of these events, each a bit at its ordinal. */
    boolean any(int events) {
        return (registered & events) != 0;
    }

    private void remove(Event event, Deque<Entry> entries, Entry entry) {
        if (!entry.registered) {
            return;
        }
        if (event == Event.BEFORE_SHMEM_EXIT && entries.peek() != entry) {
            throw proc.error("XX000", "before_shmem_exit callback is not the latest entry", "");
        }
        entry.registered = false;
        entries.remove(entry);
    }

    void run(Event event, End end) {
        Deque<Entry> entries = all.get(event);
        if (entries == null || entries.isEmpty()) {
            return;
        }
        Steps steps = new Steps();
        for (Entry each : List.copyOf(entries)) {
            if (each.registered) {
                ScopeEvents.run(event, () -> proc.ending().callback(() -> each.callback.accept(end)), steps);
            }
        }
        steps.rethrow();
    }

    /** R124: removes the newest, then runs it, so that an error does not repeat it. False when there is none left. */
    boolean runNewest(End end) {
        Deque<Entry> entries = all.getOrDefault(end.event(), new ArrayDeque<>());
        if (entries.isEmpty()) {
            return false;
        }
        Entry newest = entries.pop();
        newest.registered = false;
        proc.ending().callback(() -> newest.callback.accept(end));
        return true;
    }

    /** What an event of a subtransaction is called where it happens. */
    static Event own(Event event) {
        return switch (event) {
            case PRE_COMMIT_SUB -> Event.PRE_COMMIT;
            case COMMIT_SUB -> Event.COMMIT;
            case ABORT_SUB -> Event.ABORT;
            default -> event;
        };
    }

    /** What the end of a scope is called further out. */
    static Event sub(Event event) {
        return switch (event) {
            case PRE_COMMIT -> Event.PRE_COMMIT_SUB;
            case COMMIT -> Event.COMMIT_SUB;
            case ABORT -> Event.ABORT_SUB;
            default -> event;
        };
    }
}
