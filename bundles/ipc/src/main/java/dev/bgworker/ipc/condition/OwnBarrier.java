package dev.bgworker.ipc.condition;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.ipc.Barrier;
import dev.bgworker.api.ipc.ConditionVariable;
import dev.bgworker.api.process.Latch;
import dev.bgworker.ipc.memory.Bytes;
import dev.bgworker.ipc.memory.MappedArea;
import dev.bgworker.ipc.memory.Mapping;

/** A barrier as one process sees it: the words of its party, and a condition variable behind them. Owner thread only. */
public final class OwnBarrier implements Barrier {

    private final Mapping mapping;
    private final Bytes bytes;
    private final long at;
    private final OwnConditionVariable released;

    public OwnBarrier(MappedArea area, PreparedSleep prepared) {
        this.mapping = area.room("Barrier", SIZE).mapping();
        this.bytes = mapping.bytes();
        this.at = area.base();
        this.released = new OwnConditionVariable(area.slice(SIZE - ConditionVariable.SIZE, ConditionVariable.SIZE),
                prepared);
    }

    @Override
    public void initialize(int participants) {
        mapping.check();
        if (participants < 0) {
            throw mapping.member().error(errcode("22023", "a barrier cannot have " + participants + " participants")
                    .errhint("Give the number of a static party, or 0 for one whose participants attach."));
        }
        released.initialize();
        Party.initialize(bytes, at, participants);
    }

    @Override
    public int phase() {
        mapping.check();
        return party().phase();
    }

    @Override
    public int participants() {
        mapping.check();
        return party().participants();
    }

    @Override
    public int attach() {
        mapping.check();
        return dynamic().attach();
    }

    @Override
    public boolean arriveAndWait(String waitEvent) {
        mapping.check();
        Party party = attached(party());
        Party.Step step = party.arrive();
        if (step.advanced()) {
            released.broadcast();
            return true;
        }
        await(party, step.phase(), waitEvent);
        return party.elect(step.phase() + 1);
    }

    private void await(Party party, int start, String waitEvent) {
        boolean over = false;
        try (ConditionVariable.Sleep sleep = released.prepareToSleep()) {
            while (party.phase() == start) {
                sleep.await(Latch.FOREVER, waitEvent);
            }
            over = true;
        } finally {
            if (!over) {
                party.takeBack(start);
            }
        }
    }

    @Override
    public boolean arriveAndDetach() { return detach(true); }

    @Override
    public boolean arriveAndDetachExceptLast() {
        mapping.check();
        Party.Step step = attached(dynamic()).detachExceptLast();
        release(step);
        return step.last();
    }

    @Override
    public boolean detach() { return detach(false); }

    /** It is how one cleans up, so a process that must go can still do it. */
    private boolean detach(boolean arrives) {
        mapping.member().checkThread();
        Party.Step step = attached(dynamic()).detach(arrives);
        release(step);
        return step.last();
    }

    private void release(Party.Step step) {
        if (step.advanced()) {
            released.wakeAll();
        }
    }

    private Party party() {
        if ((bytes.get(at) & ~Party.STATIC) != Party.MAGIC) {
            throw mapping.member().error(errcode("55000", "barrier at offset " + at + " of " + mapping.name()
                    + " is not initialized").errhint("Whoever finds its area new calls initialize."));
        }
        return bytes.companion(at, Party.class, () -> new Party(bytes, at));
    }

    private Party dynamic() {
        Party party = party();
        if ((bytes.get(at) & Party.STATIC) != 0) {
            throw mapping.member().error(errcode("55000", "barrier of a static party: nobody attaches to it or detaches")
                    .errhint("Initialize it with 0 participants."));
        }
        return party;
    }

    private Party attached(Party party) {
        if (party.participants() == 0) {
            throw mapping.member().error(errcode("55000", "nobody is attached to the barrier")
                    .errhint("Call attach first."));
        }
        return party;
    }
}
