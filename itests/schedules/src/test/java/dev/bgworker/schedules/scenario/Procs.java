package dev.bgworker.schedules.scenario;

import dev.bgworker.api.Backend;
import dev.bgworker.api.Library;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.ipc.IpcProvider;
import dev.bgworker.schedules.Points;
import dev.bgworker.supervisor.process.GivenUp;
import dev.bgworker.supervisor.process.ProcTable;
import dev.bgworker.supervisor.process.Providers;
import dev.bgworker.supervisor.process.ScopeEvents;
import dev.bgworker.supervisor.settings.CurrentSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Consumer;

/** Real processes of a real table, with shared memory, and no thread beside those of the play: timers never fire. */
final class Procs {

    private static final ScheduledThreadPoolExecutor NO_TIMERS = new ScheduledThreadPoolExecutor(0,
            new ThreadPoolExecutor.DiscardPolicy());

    static {
        NO_TIMERS.shutdown();
    }

    private final IpcProvider ipc;
    private final Providers providers = new Providers();
    private final ProcTable table;
    private final Backend[] backends;
    private final ProcArray.Entry[] entries;

    Procs(int count, Consumer<Library.Init> library) {
        table = new ProcTable(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), providers, new ScopeEvents(), NO_TIMERS,
                call -> {}, Duration.ofSeconds(1));
        ipc = new IpcProvider(table.waits(), new CurrentSettings(), table);
        backends = new Backend[count];
        entries = new ProcArray.Entry[count];
        library.accept(ipc.loading("lib").orElseThrow());
        providers.add(ipc);
        ipc.rebuild(0);
    }

    /** The calling thread becomes it. */
    Backend open(int index) {
        backends[index] = table.open("backend " + index);
        entries[index] = table.current();
        return backends[index];
    }

    Backend backend(int index) { return backends[index]; }

    ProcArray.Entry entry(int index) { return entries[index]; }

    ProcTable table() { return table; }

    /** Memory of a new epoch, as after a crash. */
    void rebuild() {
        Points.alone(() -> { // in the order of hash codes, which no schedule repeats
            ipc.rebuild(1);
            return null;
        });
    }

    /** Whether that is a crash. */
    boolean giveUp(int index) { return GivenUp.fence(entries[index], providers); }
}
