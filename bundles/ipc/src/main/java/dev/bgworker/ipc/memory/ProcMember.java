package dev.bgworker.ipc.memory;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.process.Ereport;

/** A process, of the epoch in which it began. Immutable. */
public final class ProcMember extends Member {

    private final ProcArray.Entry entry;

    public ProcMember(ProcArray.Entry entry, Epoch epoch) {
        super(epoch);
        this.entry = entry;
    }

    @Override
    public ProcArray.Entry entry() { return entry; }

    @Override
    protected void checkCall() { entry.checkCall(); }

    @Override
    public <T extends Throwable & Ereport> T errfinish(T raised) { return entry.errfinish(raised); }
}
