package dev.bgworker.ipc.lwlock;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.process.Ereport;
import dev.bgworker.ipc.memory.Bytes;
import dev.bgworker.ipc.memory.Epoch;
import dev.bgworker.ipc.memory.MappedArea;
import dev.bgworker.ipc.memory.Mapping;
import dev.bgworker.ipc.memory.Member;
import dev.bgworker.ipc.memory.Views;
import java.lang.reflect.Proxy;

/** A process whose sleeps, holds and end the test decides on. */
final class StubProc extends Member {

    private static final Views NO_VIEWS = new Views() {
        @Override
        public <T extends Area.View> T as(Class<T> kind, MappedArea area) { throw new UnsupportedOperationException(); }
    };

    /** Run in each hold of interrupts, which is before a lock is taken. */
    volatile Runnable atHold = () -> {};
    /** Run each time that somebody asks for the process, which a lock does before it joins the queue. */
    volatile Runnable atEntry = () -> {};
    /** Run instead of each sleep. */
    volatile Runnable asleep = () -> {};
    /** Raised by each check. */
    volatile Error dead;
    private final ProcArray.Entry entry;

    StubProc(Epoch epoch) {
        super(epoch);
        entry = (ProcArray.Entry) Proxy.newProxyInstance(StubProc.class.getClassLoader(),
                new Class<?>[]{ProcArray.Entry.class}, (proxy, method, args) -> call(method.getName()));
    }

    /** At the beginning of those bytes, as this process sees it. */
    OwnLWLock lock(Bytes bytes, Tranches tranches, SpinDelay delay) {
        return new OwnLWLock(new MappedArea(new Mapping(this, bytes, "test"), NO_VIEWS, false), tranches,
                new HeldLocks(this), delay);
    }

    private Object call(String method) {
        switch (method) {
            case "holdInterrupts" -> {
                atHold.run();
                return 0;
            }
            case "sleep" -> asleep.run();
            case "wake", "resumeInterrupts" -> {
            }
            case "crashing" -> {
                return false;
            }
            default -> throw new UnsupportedOperationException(method);
        }
        return null;
    }

    @Override
    public ProcArray.Entry entry() {
        atEntry.run();
        return entry;
    }

    @Override
    protected void checkCall() {
        if (dead != null) {
            throw dead;
        }
    }

    @Override
    public <T extends Throwable & Ereport> T errfinish(T raised) { return raised; }
}
