package dev.bgworker.ipc.memory;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import java.util.function.Supplier;

/** Who uses shared memory of one epoch: a process, or the host while it builds it. Each method checks the calling thread. */
public abstract class Member {

    private final Epoch epoch;
    private final Thread thread = Thread.currentThread();
    // Written by who gives the process up, or takes the provider away from it.
    private volatile boolean fenced;

    /** On its own thread. */
    protected Member(Epoch epoch) { this.epoch = epoch; }

    public final Epoch epoch() { return epoch; }

    /** The process; 55000 for the host, which holds no lock and waits for nobody. */
    public abstract ProcArray.Entry entry();

    /** What each call begins with: the thread, a die that is sticky, the epoch. */
    public final void check() {
        checkCall();
        if (over()) {
            checkCall(); // it was given up in between, which is told first
            throw gone();
        }
    }

    /** From any thread: nothing of it passes any more; whoever calls this wakes it afterwards. */
    public final void fence() {
        fenced = true;
    }

    /** From any thread. */
    public final boolean fenced() { return fenced; }

    /** Whether {@link #check} raises that the memory is gone; what each wait looks at. From any thread. */
    public final boolean over() {
        return fenced || epoch.over();
    }

    private ErrorException gone() {
        if (!epoch.over()) {
            return error(errcode("55000", "shared memory was taken away from this process")
                    .errhint("The bundle that provides it has gone; attach anew when it is back."));
        }
        return error(errcode("55000", "shared memory of epoch " + epoch.number() + " is gone: " + epoch.why())
                .errhint("A process has that of the epoch in which it began; close the backend and open another."));
    }

    /** Before what cleans up, which a process that dies must still do: raises only on a foreign thread. */
    public final void checkThread() {
        if (Thread.currentThread() != thread) {
            checkCall();
        }
    }

    protected abstract void checkCall();

    public final ErrorException error(ErrorData data) { return errfinish(new ErrorException(data)); }

    /** Everything that is raised passes it. */
    public abstract <T extends Throwable & Ereport> T errfinish(T raised);

    /** What a part raised that knows nothing of processes. */
    public final <T> T raising(Supplier<T> call) {
        try {
            return call.get();
        } catch (ErrorException e) {
            throw errfinish(e);
        }
    }
}
