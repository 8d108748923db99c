package dev.bgworker.supervisor;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.host.WorkerResource;
import dev.bgworker.supervisor.process.ProcTable;
import dev.bgworker.supervisor.process.Providers;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server state, and what providers are told as it goes forward. Thread-safe. */
final class ServerCourse {

    private static final Logger LOG = LoggerFactory.getLogger("bgworkerd");

    private final Providers providers;
    private final ProcTable table;
    private final EventLoop loop;
    /** Held while providers are told, which opens databases, so that one that comes meanwhile misses nothing. */
    private final Object telling = new Object();
    /** Goes forward only, whoever moves it. */
    private final AtomicReference<State> state = new AtomicReference<>(State.STARTING);

    ServerCourse(Providers providers, ProcTable table, EventLoop loop) {
        this.providers = providers;
        this.table = table;
        this.loop = loop;
    }

    State state() { return state.get(); }

    /** One that comes late is told what the others were told before. */
    void add(WorkerResource<?, ?> provider) {
        synchronized (telling) {
            if (state().compareTo(State.STARTING) > 0 && state().compareTo(State.SMART_SHUTDOWN) <= 0) {
                provider.rebuild(table.epoch());
            }
            for (State each : List.of(State.CONSISTENT, State.RECOVERY_FINISHED)) {
                if (state().compareTo(each) >= 0 && state().compareTo(State.RECOVERY_FINISHED) <= 0) {
                    provider.enter(each);
                }
            }
            providers.add(provider);
        }
    }

    /** Shared state is dropped and built anew; processes that begin from now on are of that epoch. */
    void rebuild(long epoch) {
        synchronized (telling) {
            providers.rebuild(epoch);
            table.epoch(epoch);
        }
    }

    /** False when a shutdown came first, and then nothing is done. */
    boolean enter(State next) {
        synchronized (telling) {
            if (state().compareTo(State.RECOVERY_FINISHED) > 0) {
                return false;
            }
            providers.enter(next);
            announce(next);
            return state() == next;
        }
    }

    /** A milder state after a more severe one changes nothing. Waits for no provider. */
    void announce(State next) {
        state.accumulateAndGet(next, (now, wanted) -> wanted.compareTo(now) > 0 ? wanted : now);
        loop.ask(supervision -> {
            supervision.serverState(next);
            return null;
        });
        LOG.debug("server state is {}", next);
    }

    /** The last process is gone. */
    void close() {
        synchronized (telling) {
            providers.each("close", provider -> provider.enter(state()));
        }
    }
}
