package dev.bgworker.ipc.memory;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.ErrorException;

/** The host, which runs startup hooks on memory that nobody else sees yet: no process, so nothing is locked or waited for. */
public final class HostMember extends Member {

    private final Thread thread = Thread.currentThread();

    public HostMember(Epoch epoch) { super(epoch); }

    @Override
    public ProcArray.Entry entry() {
        throw new ErrorException(errcode("55000", "a startup hook is no process: it takes no lock and waits for nobody")
                .errhint("Initialise here; lock, wait and attach in a worker or a backend."));
    }

    @Override
    protected void checkCall() {
        if (Thread.currentThread() != thread) {
            throw new ErrorException(errcode("XX000", "shared memory of a startup hook belongs to thread \""
                    + thread.getName() + "\" and was used by thread \"" + Thread.currentThread().getName() + "\"")
                    .errhint("Use it inside the hook only; a process has its own."));
        }
    }

    @Override
    public <T extends Throwable & Ereport> T errfinish(T raised) { return raised; }
}
