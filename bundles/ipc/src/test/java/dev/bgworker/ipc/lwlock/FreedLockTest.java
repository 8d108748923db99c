package dev.bgworker.ipc.lwlock;

import static dev.bgworker.api.process.LockMode.EXCLUSIVE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.ipc.LWLock;
import dev.bgworker.api.process.Held;
import dev.bgworker.ipc.memory.Bytes;
import dev.bgworker.ipc.memory.Companion;
import dev.bgworker.ipc.memory.Epoch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A lock outlives its memory: freed while it was held, and another's by now. */
class FreedLockTest {

    private final Bytes bytes = Bytes.allocate(LWLock.SIZE);
    private final StubProc proc = new StubProc(new Epoch(0));

    @Test
    void itsReleaseLeavesAloneWhatLiesThereNow() {
        Held held = acquired();
        bytes.forget(0, LWLock.SIZE);
        bytes.zero(0, LWLock.SIZE);
        bytes.set(0, LockWord.WAITERS | 1L << 32); // a word that reads like one of a lock somebody waits for
        AtomicBoolean closed = new AtomicBoolean();
        bytes.companion(0, Companion.class, () -> () -> closed.set(true));

        held.close();

        assertThat(closed).isFalse();
    }

    private Held acquired() {
        Tranches tranches = new Tranches();
        OwnLWLock lock = proc.lock(bytes, tranches, new SpinDelay());
        lock.initialize(tranches.register("test"));
        return lock.acquire(EXCLUSIVE);
    }
}
