package dev.bgworker.supervisor.process;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Supplier;

/**
 * {@code st_changecount}: odd while its one writer changes what it guards, so that readers who saw it change read again. To
 * write costs two plain stores; who reads waits for no lock but for a writer that is in the middle.
 */
final class ChangeCount {

    private static final VarHandle COUNT;
    private static final int SPINS = 100;

    static {
        try {
            COUNT = MethodHandles.lookup().findVarHandle(ChangeCount.class, "count", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The writer alone. */
    private int count;

    /** {@code PGSTAT_BEGIN_WRITE_ACTIVITY}. */
    void begin() {
        COUNT.setOpaque(this, count + 1);
        VarHandle.storeStoreFence();
    }

    /** {@code PGSTAT_END_WRITE_ACTIVITY}. */
    void end() { COUNT.setRelease(this, count + 1); }

    /** What it reads, all of one moment; it may be run several times. From any thread. */
    <T> T read(Supplier<T> fields) {
        for (int tries = 1;; tries++) {
            int before = (int) COUNT.getAcquire(this);
            T read = fields.get();
            VarHandle.loadLoadFence();
            if ((before & 1) == 0 && before == (int) COUNT.getOpaque(this)) {
                return read;
            }
            if (tries % SPINS == 0) {
                Thread.yield(); // the writer lost its core in the middle
            } else {
                Thread.onSpinWait();
            }
        }
    }
}
