package dev.bgworker.ipc.condition;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.ipc.ConditionVariable;
import dev.bgworker.api.process.HostTime;
import dev.bgworker.api.process.Latch;
import dev.bgworker.ipc.memory.Bytes;
import dev.bgworker.ipc.memory.MappedArea;
import dev.bgworker.ipc.memory.Mapping;
import java.lang.invoke.VarHandle;
import java.time.Duration;

/** A condition variable as one process sees it. Owner thread only. */
public final class OwnConditionVariable implements ConditionVariable {

    /** "COND", so that bytes that nobody has made one are none. */
    private static final long MAGIC = 0x434F4E44;
    private static final long NUMBER = 8;
    private static final long FOREVER = Long.MAX_VALUE;

    private final Mapping mapping;
    private final Bytes bytes;
    private final long at;
    private final PreparedSleep prepared;
    private final Sleep sleep = new OwnSleep();

    public OwnConditionVariable(MappedArea area, PreparedSleep prepared) {
        this.mapping = area.room("ConditionVariable", SIZE).mapping();
        this.bytes = mapping.bytes();
        this.at = area.base();
        this.prepared = prepared;
    }

    @Override
    public void initialize() {
        mapping.check();
        bytes.forget(at);
        bytes.setPlain(at + NUMBER, 0);
        bytes.set(at, MAGIC);
    }

    @Override
    public Sleep prepareToSleep() {
        check();
        prepared.prepare(sleepers());
        return sleep;
    }

    @Override
    public void signal() {
        if (anybody()) {
            sleepers().signal();
        }
    }

    @Override
    public void broadcast() {
        if (anybody()) {
            sleepers().broadcast();
        }
    }

    /** For who must go and cleans up. */
    void wakeAll() {
        VarHandle.fullFence();
        sleepers().broadcast();
    }

    /** Behind a fence: either this sees who joined, or he sees what was published before, however that was written. */
    private boolean anybody() {
        check();
        VarHandle.fullFence();
        return bytes.get(at + NUMBER) != 0;
    }

    private void check() {
        mapping.check();
        if (!initialized()) {
            throw mapping.member().error(errcode("55000", "condition variable at offset " + at + " of " + mapping.name()
                    + " is not initialized").errhint("Whoever finds its area new calls initialize."));
        }
    }

    private boolean initialized() { return bytes.get(at) == MAGIC; }

    private Sleepers sleepers() { return bytes.companion(at, Sleepers.class, () -> new Sleepers(bytes, at + NUMBER)); }

    private final class OwnSleep implements Sleep {

        @Override
        public boolean await(Duration timeout, String waitEvent) {
            check();
            Sleepers queue = sleepers();
            if (!prepared.on(queue)) { // by somebody else's prepare, or its own close
                prepared.prepare(queue);
                return false;
            }
            return sleep(queue, nanos(timeout), waitEvent);
        }

        /**
         * The latch is reset before the look, and interrupts are checked while it counts as woken, so that a signal is passed
         * on when the check raises. It is in the queue again before the caller tests.
         */
        private boolean sleep(Sleepers queue, long nanos, String waitEvent) {
            ProcArray.Entry me = mapping.member().entry();
            Latch latch = me.proc().latch();
            HostTime time = me.proc().time();
            long start = nanos == FOREVER ? 0 : time.nanoTime();
            long left = nanos;
            while (true) {
                latch.await(left == FOREVER ? Latch.FOREVER : Duration.ofNanos(left), waitEvent);
                latch.reset();
                check();
                me.checkInterrupts();
                if (!prepared.on(queue)) { // what an interrupt did has slept elsewhere
                    return false;
                } else if (prepared.woken()) {
                    prepared.rejoin();
                    return false;
                }
                left = nanos == FOREVER ? FOREVER : nanos - (time.nanoTime() - start);
                if (left <= 0) {
                    return true;
                }
            }
        }

        private static long nanos(Duration timeout) {
            return timeout.compareTo(Duration.ofNanos(FOREVER)) >= 0 ? FOREVER : timeout.toNanos();
        }

        @Override
        public boolean cancel() {
            mapping.member().checkThread();
            return initialized() && prepared.on(sleepers()) && prepared.cancel(); // else it is another's place by now
        }

        @Override
        public void close() { cancel(); }
    }
}
