package dev.bgworker.spi.jdbc;

import java.io.InputStream;
import java.io.Reader;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The values of a prepared statement, kept here until it is executed: so a batch can be run again entry by entry after a slice
 * of a lock wait, and setting one does not pass the gate. Under the guard of its statement.
 */
final class Arguments {

    /** One call of a setter; the key is the parameter's number or name. */
    record Setter(Method method, Object[] args) {

        boolean consumed() { return args.length > 1 && (args[1] instanceof InputStream || args[1] instanceof Reader); }
    }

    // Whoever calls the statement: one at a time, by its guard.
    private final Map<Object, Setter> now = new LinkedHashMap<>();
    private final List<Setter> pending = new ArrayList<>();

    /** What the caller may change afterwards is copied. */
    void set(Method method, Object[] args) {
        Object[] kept = args.clone();
        if (kept[1] instanceof byte[] bytes) {
            kept[1] = bytes.clone();
        } else if (kept[1] instanceof Date date) {
            kept[1] = date.clone();
        }
        Setter setter = new Setter(method, kept);
        now.put(args[0], setter);
        pending.add(setter);
    }

    void clear() {
        now.clear();
        pending.clear();
    }

    /** What was set since the last time; the engine keeps what it was given before. */
    List<Setter> take() {
        List<Setter> taken = List.copyOf(pending);
        pending.clear();
        return taken;
    }

    /** All of them, for an entry of a batch; a stream can be read once, by the first entry that has it. */
    List<Setter> entry() {
        List<Setter> all = List.copyOf(now.values());
        now.values().removeIf(Setter::consumed);
        pending.clear();
        return all;
    }
}
