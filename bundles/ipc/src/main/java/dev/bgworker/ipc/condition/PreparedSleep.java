package dev.bgworker.ipc.condition;

import dev.bgworker.api.host.WorkerResource.Phase;
import dev.bgworker.api.process.Scope;
import dev.bgworker.ipc.memory.Member;
import dev.bgworker.ipc.memory.Part;

/**
 * {@code cv_sleep_target}: the one sleep that a process has prepared. Owner thread only, except {@link #fence}.
 *
 * <p>Who gives the process up fences the member and takes what it sees out of the queue; the owner joins, writes that down and
 * looks at the fence. So nobody who is gone stays in a queue and is signalled in place of one who lives.
 */
public final class PreparedSleep implements Part {

    /** Where it sleeps. */
    private record Target(Sleepers queue, Sleepers.Sleeper sleeper) {}

    private final Member member;
    // Null for none; written by the owner.
    private volatile Target target;

    public PreparedSleep(Member member) { this.member = member; }

    /** {@code ConditionVariablePrepareToSleep}: whatever was prepared before is cancelled. */
    void prepare(Sleepers queue) {
        cancel();
        target = new Target(queue, queue.join(member.entry()));
        if (member.fenced()) {
            cancel();
            member.check(); // raises
        }
    }

    boolean on(Sleepers queue) {
        Target now = target;
        return now != null && now.queue() == queue;
    }

    /** Whether it was signalled, and is out of the queue since. */
    boolean woken() { return target.sleeper().woken(); }

    void rejoin() { target.queue().rejoin(target.sleeper()); }

    /** {@code ConditionVariableCancelSleep}: whether a signal had been consumed; nothing when none is prepared. */
    boolean cancel() {
        Target last = target;
        target = null;
        return last != null && last.queue().leave(last.sleeper());
    }

    @Override
    public void release(Phase phase, Scope scope, boolean commit) {
        if (phase == Phase.WAITS || phase == Phase.PROC) {
            cancel();
        }
    }

    /** To be prepared to sleep is nothing that another one would find half done. */
    @Override
    public boolean fence() {
        Target last = target;
        if (last != null) {
            last.queue().leave(last.sleeper());
        }
        return false;
    }
}
