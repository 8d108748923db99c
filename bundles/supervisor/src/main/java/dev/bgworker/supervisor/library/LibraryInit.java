package dev.bgworker.supervisor.library;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.Library;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.ipc.SharedMemory;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a library does while it is loaded: collects what it registers, passes on what it asks of shared memory. Usable until
 * {@code init} returns; the loading thread only.
 */
final class LibraryInit implements Library.Init {

    private final String library;
    private final Optional<Library.Init> sharedMemory;
    private final List<BackgroundWorker> registered = new ArrayList<>();
    private boolean over;

    /** @param sharedMemory where requests go, empty when no provider takes them */
    LibraryInit(String library, Optional<Library.Init> sharedMemory) {
        this.library = library;
        this.sharedMemory = sharedMemory;
    }

    /** Closes it: from now on every call is FATAL. */
    List<BackgroundWorker> done() {
        over = true;
        return registered;
    }

    @Override
    public void registerBackgroundWorker(BackgroundWorker worker) {
        check();
        registered.add(worker);
    }

    @Override
    public void requestShmem(String name, long size) { requests().requestShmem(name, size); }

    @Override
    public void requestLWLocks(String tranche, int count) { requests().requestLWLocks(tranche, count); }

    @Override
    public void onShmemStartup(Consumer<SharedMemory> hook) { requests().onShmemStartup(hook); }

    private Library.Init requests() {
        check();
        return sharedMemory.orElseThrow(() -> new ErrorException(errcode("55000", "library \"" + library
                + "\" requests shared memory, and no provider is installed")
                .errhint("Install and start the bundle dev.bgworker.ipc.")));
    }

    private void check() {
        if (over) {
            throw new FatalError(errcode("55000", "library \"" + library + "\" registers after its init has returned")
                    .errhint("Register dynamic background workers with the service BackgroundWorkers."));
        }
    }
}
