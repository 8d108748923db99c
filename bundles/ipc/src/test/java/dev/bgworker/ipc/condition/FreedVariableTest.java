package dev.bgworker.ipc.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.Proc;
import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.ipc.Barrier;
import dev.bgworker.api.ipc.ConditionVariable;
import dev.bgworker.api.ipc.ConditionVariable.Sleep;
import dev.bgworker.api.ipc.Dsa;
import dev.bgworker.api.ipc.ShmMq;
import dev.bgworker.ipc.IpcHost;
import dev.bgworker.ipc.Peer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who sleeps may leave when the memory of what he sleeps on is another's. */
class FreedVariableTest {

    private static final int SIZE = 16384;
    private static final long NUMBER = 8;

    private final IpcHost host = IpcHost.start();
    private final Peer one = host.peer("one");
    private final Peer sleeper = host.peer("sleeper");
    private final Dsa heap = one.run(me -> me.shmem().createDsa(me.scope(), 1L << 30));
    private final long pointer = one.run(me -> heap.allocate(SIZE, false).getAsLong());

    @AfterEach
    void stop() { host.close(); }

    private Area area(Proc me) { return me.shmem().attachDsa(me.scope(), heap.handle()).orElseThrow().at(pointer); }

    private Sleep prepared() {
        one.run(me -> {
            heap.at(pointer).as(ConditionVariable.class).initialize();
            return null;
        });
        return sleeper.run(me -> area(me).as(ConditionVariable.class).prepareToSleep());
    }

    private Area allocatedAgain() {
        heap.free(pointer);
        assertThat(heap.allocate(SIZE, false)).as("the same place").hasValue(pointer);
        return heap.at(pointer);
    }

    @Test
    void aSleeperThatEndsWritesNothingIntoFreedMemory() {
        prepared();
        one.run(me -> {
            allocatedAgain().set(NUMBER, 7);
            return null;
        });
        sleeper.close();
        assertThat(one.<Long>run(me -> heap.at(pointer).get(NUMBER))).isEqualTo(7);
    }

    @Test
    void aSleepThatIsCancelledLeavesTheQueueAloneThatIsThereNow() {
        Sleep sleep = prepared();
        ShmMq.Sender out = one.run(me -> {
            ShmMq queue = allocatedAgain().as(ShmMq.class);
            queue.create();
            return queue.attachSender();
        });
        sleeper.run(me -> {
            sleep.close();
            return null;
        });
        one.run(me -> {
            assertThatThrownBy(() -> heap.at(pointer).as(ShmMq.class).create()).hasMessageContaining("is in use");
            out.close();
            return null;
        });
    }

    @Test
    void aBarrierIsMadeOfWhatWasAConditionVariable() {
        prepared();
        one.run(me -> {
            Barrier barrier = heap.at(pointer).as(Barrier.class);
            barrier.initialize(0);
            assertThat(barrier.attach()).isZero();
            return null;
        });
    }
}
