package dev.bgworker.toolkit;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts;
import dev.bgworker.api.process.Latch;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static dev.bgworker.api.process.ErrorData.errcode;

/** Signals that come when the script sends them; what is done with them is PostgreSQL's. */
final class ScriptedSignals implements Interrupts {

    private final Map<Signal, Handler> handlers = new EnumMap<>(Signal.class);
    private final Set<Signal> pending = EnumSet.noneOf(Signal.class);
    private final List<String> trace;
    private final Latch latch;
    private final List<Hold> holds = new ArrayList<>();

    ScriptedSignals(List<String> trace, Latch latch) {
        this.trace = trace;
        this.latch = latch;
    }

    List<Hold> held() { return List.copyOf(holds); }

    void send(Signal signal) {
        pending.add(signal);
        latch.set();
    }

    @Override
    public void unblock() { trace.add("unblock"); }

    @Override
    public void block() { trace.add("block"); }

    @Override
    public void handle(Signal signal, Handler handler) {
        trace.add(signal + " " + handler);
        handlers.put(signal, handler);
    }

    @Override
    public boolean pending(Signal signal) { return pending.contains(signal); }

    @Override
    public boolean take(Signal signal) { return pending.remove(signal); }

    @Override
    public void check() {
        if (handlers.get(Signal.TERM) == Handler.DIE && pending.contains(Signal.TERM)) {
            throw new FatalError(errcode("57P01", "terminating background worker"));
        }
        if (handlers.get(Signal.INT) == Handler.CANCEL && take(Signal.INT)) {
            throw new ErrorException(errcode("57014", "canceling statement due to user request"));
        }
    }

    @Override
    public Held hold(Hold what) {
        holds.add(what);
        return () -> holds.remove(what);
    }
}
