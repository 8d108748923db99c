package dev.bgworker.ipc;

import dev.bgworker.api.control.Server.ShmemRow;
import dev.bgworker.ipc.dsm.SharedSegment;
import dev.bgworker.ipc.dsm.SharedSegment.Kind;
import dev.bgworker.ipc.dsm.SharedSegment.Present;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is in shared memory of one epoch, for an operator. Looks at one part after another, as they change. Thread-safe. */
record Listing(SharedState state) {

    private static final String SPARE = "spare";

    List<ShmemRow> rows() {
        // First, so that a segment that is made meanwhile is shown without its name, and no name as one of nothing.
        Map<String, SharedSegment> named = state.registry().ready();
        List<Present> present = state.segments().present();
        List<ShmemRow> rows = new ArrayList<>(state.fixed().rows());
        rows.addAll(segments(present, named));
        rows.addAll(withoutSegment(named, present));
        long allocated = rows.stream().filter(each -> !each.kind().equals(SPARE)).mapToLong(ShmemRow::size).sum();
        rows.add(0, new ShmemRow("epoch", String.valueOf(state.epoch().number()), allocated, state.segments().usage()));
        return rows;
    }

    private static List<ShmemRow> segments(List<Present> present, Map<String, SharedSegment> named) {
        Map<Long, String> names = new HashMap<>();
        named.forEach((name, segment) -> {
            if (segment != null) {
                names.put(segment.handle(), name);
            }
        });
        return present.stream().sorted(Comparator.comparing(each -> each.kind() == Kind.DSA))
                .map(each -> row(each, names.get(each.handle()))).toList();
    }

    private static ShmemRow row(Present each, String name) {
        List<String> words = new ArrayList<>();
        if (name != null) {
            words.add("\"" + name + "\"");
        }
        words.add("mapped by " + each.mappings());
        if (each.pinned()) {
            words.add("pinned");
        }
        if (each.kind() == Kind.DSA) {
            words.add(each.segments() == 1 ? "1 segment" : each.segments() + " segments");
        }
        return new ShmemRow(each.kind() == Kind.DSA ? "dsa" : "segment", String.valueOf(each.handle()), each.size(),
                String.join(", ", words));
    }

    /** Names of what is not initialised, or was unpinned and has gone. */
    private static List<ShmemRow> withoutSegment(Map<String, SharedSegment> named, List<Present> present) {
        List<ShmemRow> rows = new ArrayList<>();
        named.forEach((name, segment) -> {
            if (segment == null) {
                rows.add(new ShmemRow("name", name, 0, "not initialised"));
            } else if (present.stream().noneMatch(each -> each.handle() == segment.handle())) {
                rows.add(new ShmemRow("name", name, 0, segment + " was unpinned and is gone"));
            }
        });
        return rows;
    }
}
