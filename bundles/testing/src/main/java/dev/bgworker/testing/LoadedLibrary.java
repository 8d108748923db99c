package dev.bgworker.testing;

import dev.bgworker.api.Library;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.ipc.SharedMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What a library registers while it is loaded; what it asks of shared memory is passed on. The loading thread. */
final class LoadedLibrary implements Library.Init {

    private final Library.Init memory;
    private final List<BackgroundWorker> workers = new ArrayList<>();

    LoadedLibrary(Optional<Library.Init> memory) { this.memory = memory.orElseThrow(); }

    List<BackgroundWorker> workers() { return List.copyOf(workers); }

    @Override
    public void registerBackgroundWorker(BackgroundWorker worker) { workers.add(worker); }

    @Override
    public void requestShmem(String name, long size) { memory.requestShmem(name, size); }

    @Override
    public void requestLWLocks(String tranche, int count) { memory.requestLWLocks(tranche, count); }

    @Override
    public void onShmemStartup(Consumer<SharedMemory> hook) { memory.onShmemStartup(hook); }
}
