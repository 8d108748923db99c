package dev.bgworker.supervisor.process;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.process.ProcExit;
import java.util.Map;
import java.util.function.Supplier;

/** A worker as its main sees it. */
final class WorkerProc extends OwnProc implements WorkerContext {

    private final BackgroundWorker definition;
    private final Supplier<Map<String, String>> settings;
    private final Runnable ready;

    WorkerProc(BgProc proc, BackgroundWorker definition, Supplier<Map<String, String>> settings, Runnable ready) {
        super(proc, definition.flags().contains(Flag.DATABASE_CONNECTION), definition.flags().contains(Flag.SHMEM_ACCESS));
        this.definition = definition;
        this.settings = settings;
        this.ready = ready;
    }

    @Override
    public BackgroundWorker entry() { return definition; }

    @Override
    public Map<String, String> settings() { return settings.get(); }

    @Override
    public void ready() {
        proc().checkCall();
        ready.run();
    }

    @Override
    public ProcExit exit(int status) {
        proc().checkCall();
        return proc().errfinish(new ProcExit(status));
    }
}
