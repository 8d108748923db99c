package dev.bgworker.supervisor.process;

import dev.bgworker.api.Library;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.api.host.WorkerResource;
import dev.bgworker.api.host.WorkerResource.Phase;
import dev.bgworker.api.process.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The providers that are installed now: the whiteboard of {@link WorkerResource}, and the named locks. Thread-safe. */
public final class Providers {

    private static final Logger LOG = LoggerFactory.getLogger(Providers.class);
    private final List<WorkerResource<?, ?>> all = new CopyOnWriteArrayList<>();
    /** Who was given something, for the removal of a provider. */
    private final Map<ProcArray.Entry, Set<WorkerResource<?, ?>>> attached = new ConcurrentHashMap<>();
    private final ShmemRequests requests = new ShmemRequests();
    private volatile Optional<WaitGraph.Locks> locks = Optional.empty();

    /** One of a type: a second could not be told from the first by who asks for the type. */
    public synchronized void add(WorkerResource<?, ?> provider) {
        for (WorkerResource<?, ?> there : all) {
            if (there == provider || there.type() == provider.type()) {
                LOG.error("{} is not used, since {} provides {} already; uninstall one of the two bundles",
                        provider.getClass().getName(), there.getClass().getName(), there.type().getSimpleName());
                return;
            }
        }
        all.add(provider);
    }

    /** Takes from the processes what it gave them, on the calling thread: their sessions are aborted, and it refuses them. */
    public void remove(WorkerResource<?, ?> provider) {
        if (!all.removeIf(there -> there == provider)) {
            return;
        }
        for (ProcArray.Entry proc : attached.entrySet().stream().filter(each -> each.getValue().contains(provider))
                .map(Map.Entry::getKey).toList()) {
            LOG.warn("{} goes while PID {} uses it; what it gave is taken back", provider.getClass().getName(),
                    proc.proc().pid());
            call(provider, "abort", each -> each.abort(proc));
            call(provider, "fence", each -> each.fence(proc));
        }
        attached.values().forEach(each -> each.remove(provider));
    }

    /** That process has ended. */
    void gone(ProcArray.Entry proc) { attached.remove(proc); }

    public synchronized void locks(WaitGraph.Locks service) { locks = Optional.of(service); }

    /** It goes, unless another has come in its place by now. */
    public synchronized void withoutLocks(WaitGraph.Locks service) {
        locks = locks.filter(there -> there != service);
    }

    public Optional<WaitGraph.Locks> locks() { return locks; }

    /** Gives each the call; what one throws is logged and keeps none of the others from theirs. */
    public void each(String doing, Consumer<WorkerResource<?, ?>> call) {
        for (WorkerResource<?, ?> provider : all) {
            call(provider, doing, call);
        }
    }

    private static void call(WorkerResource<?, ?> provider, String doing, Consumer<WorkerResource<?, ?>> call) {
        try {
            call.accept(provider);
        } catch (Throwable e) { // whatever it is: the others have their call, and who asked goes on
            failed(provider, doing, e);
        }
    }

    private static void failed(WorkerResource<?, ?> provider, String doing, Throwable why) {
        LOG.error("{} failed to {}", provider.getClass().getName(), doing, why);
    }

    /** What is in shared memory. */
    public List<Server.ShmemRow> shmem() {
        List<Server.ShmemRow> rows = new ArrayList<>();
        each("list shared memory", provider -> rows.addAll(provider.shmem()));
        return rows;
    }

    /** Makes all ready for that state; the first that cannot ends it. */
    public void enter(Server.State state) {
        for (WorkerResource<?, ?> provider : all) {
            provider.enter(state);
        }
    }

    /** Has all drop and build shared state anew; the first that cannot ends it. */
    public void rebuild(long epoch) {
        for (WorkerResource<?, ?> provider : all) {
            provider.rebuild(epoch);
        }
    }

    /** Where the shared-memory requests of a loading library go. */
    public Optional<Library.Init> loading(String library) {
        requests.forget(library);
        return all.stream().map(each -> each.loading(library)).flatMap(Optional::stream).findFirst()
                .map(provider -> requests.of(library, provider));
    }

    /** Its code is gone. */
    public void unloaded(String library) {
        requests.forget(library);
        each("unload", provider -> provider.unloaded(library));
    }

    /** One that comes late is asked what loaded libraries have asked before, before it builds anything. */
    public void repeatRequests(WorkerResource<?, ?> late) {
        requests.repeat(late::loading);
    }

    /** By those that it is enlisted with; each transaction comes here several times. */
    void release(BgProc proc, Phase phase, Scope scope, boolean commit) {
        for (WorkerResource<?, ?> provider : proc.enlisted()) {
            try {
                if (all.contains(provider)) {
                    provider.release(proc, phase, scope, commit);
                }
            } catch (Throwable e) { // as in call(), without what that makes for each transaction
                failed(provider, "release " + phase, e);
            }
        }
    }

    /** What it may have given is found when it goes. */
    void enlist(BgProc proc, WorkerResource<?, ?> provider) {
        attached.computeIfAbsent(proc, key -> ConcurrentHashMap.newKeySet()).add(provider);
    }

    /** Whether one says that it holds shared state, or fails to say. */
    boolean holds(ProcArray.Entry proc) {
        List<WorkerResource<?, ?>> unknown = new ArrayList<>(all);
        each("tell what is held", provider -> {
            if (!provider.holds(proc)) {
                unknown.remove(provider);
            }
        });
        return !unknown.isEmpty();
    }

    /**
     * Has each refuse that process from now on and take away what it holds. True when one says that it held shared state, or
     * failed to say: then nobody knows.
     */
    boolean fence(ProcArray.Entry proc) {
        List<WorkerResource<?, ?>> unknown = new ArrayList<>(all);
        each("fence", provider -> {
            if (!provider.fence(proc)) {
                unknown.remove(provider);
            }
        });
        return !unknown.isEmpty();
    }

    /**
     * Lets the provider of that type attach.
     *
     * @param bundle which to install when there is none
     */
    <T> T attach(Class<T> type, BgProc proc, Object how, String bundle) {
        for (WorkerResource<?, ?> provider : all) {
            if (provider.type() == type) {
                proc.enlist(provider);
                if (all.contains(provider)) { // still: from here on its removal finds this process
                    return type.cast(attach(provider, proc, how));
                }
            }
        }
        throw Errors.error("55000", "no provider of " + type.getSimpleName() + " is installed",
                "Install and start the bundle " + bundle + ".");
    }

    /** The one place where the argument's type is taken on trust: {@code type()} names both, see {@link WorkerResource}. */
    @SuppressWarnings("unchecked")
    private static Object attach(WorkerResource<?, ?> provider, ProcArray.Entry proc, Object how) {
        return ((WorkerResource<Object, ?>) provider).attach(proc, how);
    }
}
