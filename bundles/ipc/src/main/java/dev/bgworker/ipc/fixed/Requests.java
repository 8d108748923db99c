package dev.bgworker.ipc.fixed;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.Library;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.ipc.SharedMemory;
import dev.bgworker.api.process.ErrorException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What one library asks for while it is loaded, applied to each epoch in turn. The loading thread writes it, and whoever builds
 * an epoch reads it; those are one at a time.
 */
final class Requests implements Library.Init {

    record Area(String name, long size) {}

    record Tranche(String name, int count) {}

    private final String library;
    private final FixedMemory memory;
    private final List<Area> areas = new ArrayList<>();
    private final List<Tranche> tranches = new ArrayList<>();
    private final List<Consumer<SharedMemory>> hooks = new ArrayList<>();

    Requests(String library, FixedMemory memory) {
        this.library = library;
        this.memory = memory;
    }

    String library() { return library; }

    List<Area> areas() { return areas; }

    List<Tranche> tranches() { return tranches; }

    List<Consumer<SharedMemory>> hooks() { return hooks; }

    @Override
    public void registerBackgroundWorker(BackgroundWorker worker) {
        throw new ErrorException(errcode("0A000", "shared memory registers no background worker"));
    }

    @Override
    public void requestShmem(String name, long size) { memory.request(this, new Area(name, size)); }

    @Override
    public void requestLWLocks(String tranche, int count) { memory.request(this, new Tranche(tranche, count)); }

    @Override
    public void onShmemStartup(Consumer<SharedMemory> hook) { memory.request(this, hook); }
}
