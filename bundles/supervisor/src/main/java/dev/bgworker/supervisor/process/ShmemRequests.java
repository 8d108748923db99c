package dev.bgworker.supervisor.process;

import dev.bgworker.api.Library;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.ipc.SharedMemory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the loaded libraries have asked of shared memory, in the order of loading: a provider that comes later, or comes back
 * after an update, is asked the same, since {@code init} is not called again for that. Thread-safe, by its monitor.
 */
final class ShmemRequests {

    private static final Logger LOG = LoggerFactory.getLogger(ShmemRequests.class);

    private final Map<String, List<Consumer<Library.Init>>> byLibrary = new LinkedHashMap<>();

    /** Passes on what the library asks, and remembers what was not refused; what it asked before is forgotten. */
    synchronized Library.Init of(String library, Library.Init provider) {
        List<Consumer<Library.Init>> asked = new ArrayList<>();
        byLibrary.remove(library);
        byLibrary.put(library, asked);
        return new Remembering(provider, ask -> remember(asked, ask));
    }

    private synchronized void remember(List<Consumer<Library.Init>> asked, Consumer<Library.Init> ask) { asked.add(ask); }

    synchronized void forget(String library) { byLibrary.remove(library); }

    /** @param loading the provider's, for a library of that name */
    void repeat(Function<String, Optional<Library.Init>> loading) {
        copy().forEach((library, asked) -> loading.apply(library).ifPresent(init -> {
            try {
                asked.forEach(ask -> ask.accept(init));
            } catch (RuntimeException | Error e) { // a hook's or a clash: the others have their memory all the same
                LOG.error("what library \"{}\" asks of shared memory was refused", library, e);
            }
        }));
    }

    private synchronized Map<String, List<Consumer<Library.Init>>> copy() {
        Map<String, List<Consumer<Library.Init>>> copy = new LinkedHashMap<>();
        byLibrary.forEach((library, asked) -> copy.put(library, List.copyOf(asked)));
        return copy;
    }

    private record Remembering(Library.Init provider, Consumer<Consumer<Library.Init>> asked) implements Library.Init {

        @Override
        public void registerBackgroundWorker(BackgroundWorker worker) { provider.registerBackgroundWorker(worker); }

        @Override
        public void requestShmem(String name, long size) { ask(init -> init.requestShmem(name, size)); }

        @Override
        public void requestLWLocks(String tranche, int count) { ask(init -> init.requestLWLocks(tranche, count)); }

        @Override
        public void onShmemStartup(Consumer<SharedMemory> hook) { ask(init -> init.onShmemStartup(hook)); }

        private void ask(Consumer<Library.Init> what) {
            what.accept(provider);
            asked.accept(what);
        }
    }
}
