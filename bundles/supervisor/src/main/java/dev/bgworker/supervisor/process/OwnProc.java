package dev.bgworker.supervisor.process;

import dev.bgworker.api.Proc;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.ipc.SharedMemory;
import dev.bgworker.api.process.Activity;
import dev.bgworker.api.process.HostTime;
import dev.bgworker.api.process.Inbox;
import dev.bgworker.api.process.Interrupts;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.process.WaitEventSet;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;

/** A process as its own code sees it: what workers and backends have in common. */
abstract class OwnProc implements Proc {

    /** Makes the outward side for a process that is being made. */
    @FunctionalInterface
    interface Maker {
        OwnProc make(BgProc proc);
    }

    private final BgProc proc;
    private final boolean connects;
    private final boolean shmemAccess;
    private boolean connected;
    private SharedMemory shmem;

    OwnProc(BgProc proc, boolean connects, boolean shmemAccess) {
        this.proc = proc;
        this.connects = connects;
        this.shmemAccess = shmemAccess;
    }

    BgProc proc() { return proc; }

    @Override
    public long pid() { return proc.pid(); }

    @Override
    public HostTime time() { return proc.shared().machine(); }

    @Override
    public Latch latch() { return proc.latch(); }

    @Override
    public WaitEventSet waitEventSet() { return OwnWaitEventSet.open(proc); }

    @Override
    public Interrupts interrupts() { return proc.interrupts(); }

    @Override
    public Scope scope() { return proc.scope(); }

    @Override
    public Session connect(ConnectTo target) {
        proc.checkCall();
        if (!connects) {
            throw proc.fatal("54000", "database connection requirement not indicated during registration");
        }
        if (connected) {
            throw proc.fatal("55000", proc.inWords() + " has its database connection already; it is one for life");
        }
        connected = true;
        proc.row().connecting();
        Session session = proc.shared().providers().attach(Session.class, proc, target, "dev.bgworker.spi");
        proc.row().hasConnected();
        return session;
    }

    /** It was told to go, beyond what its flags say. From any thread; without waiting. */
    void mustGo() {}

    @Override
    public Activity activity() { return proc.row(); }

    @Override
    public SharedMemory shmem() {
        proc.checkCall();
        if (!shmemAccess) {
            throw proc.error("55000", proc.inWords() + " has no access to shared memory",
                    "Register it with the flag SHMEM_ACCESS.");
        }
        long now = proc.shared().supervisor().epoch();
        if (proc.epoch() != now) {
            throw proc.error("55000", "shared memory of epoch " + proc.epoch() + " is gone: a crash began epoch " + now,
                    "A process has that of the epoch in which it began; close the backend and open another.");
        }
        if (shmem == null) {
            shmem = proc.shared().providers().attach(SharedMemory.class, proc, null, "dev.bgworker.ipc");
        }
        return shmem;
    }

    @Override
    public Inbox<WorkerEvent> events() { return proc.events(); }
}
