package dev.bgworker.supervisor;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.supervisor.core.Action;
import dev.bgworker.supervisor.core.Exit;
import dev.bgworker.supervisor.core.Registration;
import dev.bgworker.supervisor.process.FunctionLookup;
import dev.bgworker.supervisor.process.ProcTable;
import dev.bgworker.supervisor.process.WorkerRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what was decided. The loop's thread alone, but for the reading of cells and of refused definitions. */
final class Carrier implements EventLoop.Effects, WorkerRun.Listener {

    private static final Logger LOG = LoggerFactory.getLogger("bgworkerd");

    private final ConcurrentSkipListMap<Long, WorkerCell> cells = new ConcurrentSkipListMap<>();
    /** Unregistered in this pass, whose last events are still to be told; the loop's thread alone. */
    private final Map<Long, WorkerCell> leaving = new HashMap<>();
    private final Map<String, List<CompletableFuture<Void>>> drains = new HashMap<>();
    private final CompletableFuture<Void> allGone = new CompletableFuture<>();
    private final ProcTable table;
    private final HostEnd host;
    private final Executor slow;
    private final Executor events;
    private final FunctionLookup functions;
    private final Function<String, Map<String, String>> settings;
    private final Ladders ladders;
    /** Set once, before the loop starts: it and this need each other. */
    private EventLoop loop;
    private LongConsumer sharedMemory;
    private Function<WorkerCell, WorkerHandle> handles;
    private volatile List<WorkerDetails> invalid = List.of();
    private volatile List<WorkerDetails> leftBehind = List.of();

    /**
     * @param settings of a library, as read last
     * @param host is told to stop when it cannot go on
     */
    Carrier(ProcTable table, FunctionLookup functions,
            Function<String, Map<String, String>> settings, Threads threads, HostEnd host, Ladders ladders) {
        this.table = table;
        this.host = host;
        this.slow = threads.slow();
        this.events = threads.events();
        this.functions = functions;
        this.settings = settings;
        this.ladders = ladders;
    }

    void bind(EventLoop toLoop, LongConsumer rebuilds, Function<WorkerCell, WorkerHandle> makeHandles) {
        loop = toLoop;
        sharedMemory = rebuilds;
        handles = makeHandles;
    }

    @Override
    public void accept(Action action) {
        if (action instanceof Action.Launch launch) {
            launch(launch);
        } else if (action instanceof Action.Stop stop) {
            ladders.stop(stop.pid(), stop.deadline(), table.clock().instant());
        } else if (action instanceof Action.Quit quit) {
            ladders.quit(quit.pid(), quit.deadline(), table.clock().instant());
        } else if (action instanceof Action.Rebuild rebuild) {
            rebuild(rebuild.epoch());
        } else if (action instanceof Action.StopHost stop) {
            host.stop(stop.status(), stop.why());
        } else if (action instanceof Action.Publish publish) {
            publish(publish.worker(), publish.details());
        } else if (action instanceof Action.Notify notify) {
            tell(notify);
        } else if (action instanceof Action.Drained drained) {
            drains.getOrDefault(drained.library(), List.of()).forEach(each -> each.complete(null));
            drains.remove(drained.library());
        } else if (action instanceof Action.Invalid refused) {
            invalid = refused.definitions();
        } else if (action instanceof Action.LeftBehind left) {
            leftBehind = left.workers();
        } else if (action instanceof Action.AllGone) {
            allGone.complete(null);
        } else if (action instanceof Action.Say say) {
            say(say);
        }
    }

    private void launch(Action.Launch launch) {
        WorkerRun run = null;
        try {
            run = run(launch.pid(), launch.details());
            run.start(launch.pid() + " " + launch.details().definition().name());
            loop.post((supervision, now) -> supervision.launched(launch.pid()));
        } catch (RuntimeException | Error e) { // out of memory above all: the system has no thread left
            if (run != null) {
                run.neverRan();
            }
            ladders.gone(launch.pid());
            loop.post((supervision, now) -> supervision.launchFailed(launch.pid(),
                    errcode("53000", "no thread could be started: " + e.getMessage())));
        }
    }

    private WorkerRun run(long pid, WorkerDetails details) {
        String library = details.definition().libraryName();
        return new WorkerRun(pid, details.definition(), details.lastError(), table, functions, () -> settings.apply(library),
                this);
    }

    /** The hooks of authors run in it, so it is not for the loop to wait for. */
    private void rebuild(long epoch) {
        slow.execute(() -> {
            try {
                sharedMemory.accept(epoch);
                loop.post((supervision, now) -> supervision.rebuilt(epoch));
            } catch (RuntimeException | Error e) {
                loop.post((supervision, now) -> supervision.rebuildFailed(Exit.data(e)));
            }
        });
    }

    /** One that ends is listed no more before anybody hears of its end. */
    private void publish(Registration worker, WorkerDetails details) {
        WorkerCell cell = cell(worker, details);
        if (details.state() == WorkerDetails.State.STOPPED) {
            cells.remove(worker.id());
            leaving.put(worker.id(), cell);
        }
        cell.publish(details);
    }

    private void tell(Action.Notify notify) {
        WorkerCell cell = cell(notify.worker(), notify.details());
        WorkerEvent event = new WorkerEvent(notify.kind(), table.clock().instant(), handles.apply(cell), notify.details());
        if (notify.pid() != 0) {
            table.notify(notify.pid(), event); // first: an inbox is a promise, a listener may find no thread
        }
        cell.tell(event);
    }

    private static void say(Action.Say say) {
        String text = say.error().map(error -> say.text() + ": " + error.inWords()).orElse(say.text());
        switch (say.level()) {
            case DEBUG1 -> LOG.debug(text);
            case LOG -> LOG.info(text);
            case WARNING -> LOG.warn(text);
        }
    }

    /** The cell of a worker that is registered, or was a moment ago. */
    WorkerCell cell(Registration worker, WorkerDetails details) {
        WorkerCell known = cells.getOrDefault(worker.id(), leaving.get(worker.id()));
        if (known != null) {
            return known;
        }
        WorkerCell made = new WorkerCell(worker, details, events);
        if (details.state() != WorkerDetails.State.STOPPED) {
            cells.put(worker.id(), made);
        }
        return made;
    }

    /** The cell of a worker that was registered just now, before anything is told of it. */
    WorkerCell enter(Registration worker, Optional<Consumer<WorkerEvent>> listener) {
        WorkerCell made = new WorkerCell(worker, worker.details(), events);
        cells.put(worker.id(), made);
        listener.ifPresent(made::subscribe);
        return made;
    }

    Collection<WorkerCell> cells() { return cells.values(); }

    /** What is shown although it is not registered: ABANDONED threads left behind, refused definitions. */
    Stream<WorkerDetails> unregistered() {
        return Stream.concat(leftBehind.stream(), invalid.stream());
    }

    CompletableFuture<Void> allGone() { return allGone; }

    /** To be completed when no worker of that library runs; the loop's thread alone. */
    void drain(String library, CompletableFuture<Void> done) {
        drains.computeIfAbsent(library, name -> new ArrayList<>()).add(done);
    }

    @Override
    public void tick(Instant now) {
        leaving.clear();
        ladders.tick(now);
    }

    @Override
    public Optional<Instant> nextWake() { return ladders.nextWake(); }

    /** Nobody is left waiting for what this supervisor would have told. */
    @Override
    public void ended() {
        table.supervisorDies();
        cells.values().forEach(WorkerCell::supervisorDies);
        drains.values().forEach(all -> all.forEach(each -> each.complete(null)));
        allGone.complete(null);
    }

    @Override
    public void entered(long pid) { loop.post((supervision, now) -> supervision.entered(pid)); }

    @Override
    public void ready(long pid) { loop.post((supervision, now) -> supervision.reportedReady(pid)); }

    @Override
    public void exited(long pid, Exit exit) {
        loop.post((supervision, now) -> {
            ladders.gone(pid);
            supervision.exited(pid, exit);
        });
    }
}
