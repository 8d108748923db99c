package dev.bgworker.supervisor;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.host.WorkerResource;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.supervisor.core.Supervision;
import dev.bgworker.supervisor.process.ProcTable;
import dev.bgworker.supervisor.process.Providers;
import dev.bgworker.supervisor.process.StopSteps;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server state, and what providers are told as it goes forward. Thread-safe. */
final class ServerCourse {

    private static final Logger LOG = LoggerFactory.getLogger("bgworkerd");

    private final Providers providers;
    private final ProcTable table;
    private final EventLoop loop;
    /** Held while providers are told, which opens databases, so that one that comes meanwhile misses nothing. */
    private final ReentrantLock telling = new ReentrantLock();
    /** Who holds it, for whoever cannot wait any longer; written by that thread. */
    private volatile Thread teller;
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
        telling(() -> {
            if (state().compareTo(State.STARTING) > 0 && state().compareTo(State.SMART_SHUTDOWN) <= 0) {
                providers.repeatRequests(provider);
                provider.rebuild(table.epoch());
            }
            for (State each : List.of(State.CONSISTENT, State.RECOVERY_FINISHED)) {
                if (state().compareTo(each) >= 0 && state().compareTo(State.RECOVERY_FINISHED) <= 0) {
                    provider.enter(each);
                }
            }
            providers.add(provider);
            return true;
        });
    }

    /** Shared state is dropped and built anew; processes that begin from now on are of that epoch. */
    void rebuild(long epoch) {
        telling(() -> {
            providers.rebuild(epoch);
            table.epoch(epoch);
            return true;
        });
    }

    /** False when a shutdown came first, and then nothing is done. */
    boolean enter(State next) {
        return telling(() -> {
            if (state().compareTo(State.RECOVERY_FINISHED) > 0) {
                return false;
            }
            providers.enter(next);
            announce(next);
            return state() == next;
        });
    }

    private boolean telling(BooleanSupplier what) {
        telling.lock();
        teller = Thread.currentThread();
        try {
            return what.getAsBoolean();
        } finally {
            teller = null;
            telling.unlock();
        }
    }

    /** Somebody asked for that shutdown. */
    void requested(State mode) {
        LOG.info("received {} request", mode.name().toLowerCase(Locale.ROOT).replace('_', ' '));
        announce(mode);
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

    /** What the host's end asks for. */
    int hostStatus() {
        try {
            return loop.ask(Supervision::hostStatus);
        } catch (ErrorException e) { // the loop is gone, and providers are to be closed all the same
            LOG.error("the supervisor cannot say how the host ended", e);
            return 1;
        }
    }

    /**
     * The last process is gone. False when a provider, or a hook in it, is still busy with what it was told before: then
     * nothing is closed.
     */
    boolean close(Duration patience) throws InterruptedException {
        if (!telling.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            Thread holder = teller;
            LOG.error("providers are not closed: one is still busy{}",
                    holder == null ? "" : "\n" + StopSteps.stack(holder));
            return false;
        }
        try {
            providers.each("close", provider -> provider.enter(state()));
            return true;
        } finally {
            telling.unlock();
        }
    }
}
