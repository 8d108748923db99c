package dev.bgworker.ipc.registry;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.ipc.dsm.SharedSegment;
import dev.bgworker.ipc.dsm.SharedSegment.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The names of one epoch, kept until it ends. Thread-safe. */
public final class Registry {

    private static final int MAX_NAME = 63;

    private final Map<String, Name> names = new ConcurrentHashMap<>();

    /** Found or made; ERROR when the name is another thing's. */
    Name name(String name, Kind kind, long size) {
        checkName(name);
        if (kind == Kind.SEGMENT && size <= 0) {
            throw new ErrorException(errcode("22023", "invalid size of segment \"" + name + "\": " + size));
        }
        Name there = names.computeIfAbsent(name, key -> new Name(kind, size));
        if (there.kind() != kind) {
            throw new ErrorException(errcode("42809", "\"" + name + "\" has type " + type(there) + ", not " + type(kind)));
        } else if (there.size() != size) {
            throw new ErrorException(errcode("22023", "segment \"" + name + "\" has " + there.size() + " bytes, not " + size)
                    .errhint("Ask for the size that was asked for first."));
        }
        return there;
    }

    private static void checkName(String name) {
        if (name == null || name.isEmpty()) {
            throw new ErrorException(errcode("42602", "name of a segment or area cannot be null or empty"));
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_NAME) {
            throw new ErrorException(errcode("42622", "name of a segment or area is too long")
                    .errdetail("\"" + name + "\" has " + bytes + " bytes, " + MAX_NAME + " at most."));
        }
    }

    private static String type(Name name) { return type(name.kind()); }

    private static String type(Kind kind) { return kind == Kind.DSA ? "area" : "segment"; }

    /** By name, what lies there; null while it is not initialised. */
    public Map<String, SharedSegment> ready() {
        Map<String, SharedSegment> sorted = new TreeMap<>();
        names.forEach((name, entry) -> sorted.put(name, entry.ready()));
        return sorted;
    }
}
