package dev.bgworker.ipc.mq;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.api.ipc.ShmMq.Result;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Latch;
import dev.bgworker.ipc.memory.Member;
import java.time.Duration;
import java.util.Set;

/**
 * How one end waits for the other to come to a position. Owner thread only.
 *
 * <p>No wake-up is lost: who waits says that it wants to be told and looks again after that; the other side moves its counter
 * and asks after that whether it is to tell; all of them are volatile. Who was told WOULD_BLOCK wants to be told as well.
 */
final class PeerWait {

    private static final String TYPE = "IPC";
    private static final String INTERNAL = "MessageQueueInternal";
    /** Some microseconds, a tenth of what going to sleep and being woken costs; alone on a processor nobody would come. */
    private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 200 : 0;
    /** Most waits are over before that; only then is it worth while to have a deadlock looked for. */
    private static final Duration SOON = Duration.ofMillis(10);

    private final Side me;
    private final Member member;
    private final QueueBytes queue;
    private final QueueEnds ends;
    private final WaitGraph waits;

    PeerWait(Side me, Member member, QueueBytes queue, QueueEnds ends, WaitGraph waits) {
        this.me = me;
        this.member = member;
        this.queue = queue;
        this.ends = ends;
        this.waits = waits;
    }

    /** Whether it comes there before a sleep would have begun. */
    boolean spin(long position) {
        for (int i = 0; i < SPINS; i++) {
            if (queue.positionAcquire(me.other()) >= position) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    /** SUCCESS when it has come there, DETACHED when it never will. */
    Result until(long position, boolean nowait) {
        Result now = look(position);
        return now != Result.WOULD_BLOCK || nowait ? now : sleep(position);
    }

    /** The position once more after the other side's detaching, before which it moves its counter a last time. */
    private Result look(long position) {
        if (ends.gone()) {
            return Result.DETACHED;
        }
        if (queue.position(me.other()) >= position) {
            return Result.SUCCESS;
        }
        queue.want(me);
        boolean detached = queue.detached();
        if (queue.position(me.other()) >= position) {
            queue.takeWant(me); // or the other side would set a latch for nothing
            return Result.SUCCESS;
        }
        return detached ? Result.DETACHED : Result.WOULD_BLOCK;
    }

    private Result sleep(long position) {
        ProcArray.Entry proc = member.entry();
        Held joined = null;
        try {
            while (true) {
                boolean latchSet = proc.awaitLatch(joined == null ? SOON : Latch.FOREVER, TYPE, event());
                if (latchSet) {
                    proc.proc().latch().reset();
                }
                proc.checkInterrupts();
                member.check(); // a crash leaves nobody who would come to that position
                Result now = look(position);
                if (now != Result.WOULD_BLOCK) {
                    return now;
                } else if (!latchSet && joined == null) {
                    joined = waits.waiting(proc, TYPE, event(), this::blockers);
                }
            }
        } finally {
            if (joined != null) {
                joined.close();
            }
        }
    }

    private String event() { return queue.pid(me.other()) == 0 ? INTERNAL : me.waitEvent(); }

    /** From any thread. Nobody when it has been told: it is about to wake up. */
    private Set<Long> blockers() {
        return queue.wants(me) ? ends.pids(me.other()) : Set.of();
    }
}
