package dev.bgworker.schedules.scenario;

import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.ipc.ConditionVariable;
import dev.bgworker.api.process.Latch;

/** A count of tokens in shared memory, and the condition variable of those who want one; as one process sees it. */
record Tokens(Area count, ConditionVariable some) {

    static Tokens of(Procs procs, int thread) {
        Area area = procs.open(thread).shmem().initStruct("tokens", 2 * ConditionVariable.SIZE);
        Tokens tokens = new Tokens(area,
                area.slice(ConditionVariable.SIZE, ConditionVariable.SIZE).as(ConditionVariable.class));
        if (!area.found()) {
            tokens.some.initialize();
        }
        return tokens;
    }

    void put() { count.fetchAdd(0, 1); }

    boolean take() {
        for (long now = count.get(0); now > 0; now = count.get(0)) {
            if (count.compareAndSet(0, now, now - 1)) {
                return true;
            }
        }
        return false;
    }

    /** The loop of condition_variable.h. */
    void await() {
        try (ConditionVariable.Sleep sleep = some.prepareToSleep()) {
            while (!take()) {
                sleep.await(Latch.FOREVER, "token");
            }
        }
    }
}
