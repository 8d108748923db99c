package dev.bgworker.supervisor.process;

import dev.bgworker.api.Proc;
import dev.bgworker.api.host.InjectionPoints;
import dev.bgworker.api.process.Held;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** {@code InjectionPointsCtl}. Thread-safe, by its monitor, which is not held while an action runs. */
public final class InjectionPointTable implements InjectionPoints {

    private static final int MAX_POINTS = 128;
    private static final int MAX_BYTES = 63;

    private final ProcTable table;
    private final Map<String, Consumer<Proc>> attached = new HashMap<>();

    public InjectionPointTable(ProcTable table) { this.table = table; }

    @Override
    public void run(String name) {
        Consumer<Proc> action;
        synchronized (this) {
            action = attached.get(name);
        }
        if (action != null) {
            action.accept(table.mine().map(BgProc::proc).orElse(null));
        }
    }

    @Override
    public synchronized Held attach(String name, Consumer<Proc> action) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > MAX_BYTES) {
            throw Errors.error("22023", "invalid injection point name \"" + name + "\" of " + bytes + " bytes",
                    "An injection point's name has 1 to " + MAX_BYTES + " bytes of UTF-8.");
        }
        if (attached.containsKey(name)) {
            throw Errors.error("42710", "injection point \"" + name + "\" is attached already", "Detach it first.");
        }
        if (attached.size() >= MAX_POINTS) {
            throw Errors.error("53000", "too many injection points",
                    "There can be " + MAX_POINTS + "; detach those that are not needed any more.");
        }
        attached.put(name, action);
        return () -> detach(name, action);
    }

    private synchronized void detach(String name, Consumer<Proc> action) { attached.remove(name, action); }
}
