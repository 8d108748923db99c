package dev.bgworker.ipc.lwlock;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.host.WorkerResource.Phase;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Scope;
import dev.bgworker.ipc.memory.Member;
import dev.bgworker.ipc.memory.Part;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code held_lwlocks}: what one process holds, spinlocks too, in the order in which it took them. The owner thread, except
 * {@link #fence} and {@link #holding}.
 *
 * <p>A lock is noted before it is taken, by an atomic operation on its word; whoever gives the process up writes the fence,
 * then looks at the notes, and the owner looks at the fence after it has taken the lock. So either the owner backs out, or
 * the other sees that there may be a lock.
 */
public final class HeldLocks implements Part {

    /** {@code MAX_SIMUL_LWLOCKS}. */
    static final int MOST = 200;

    private final Member member;
    private final OwnLWLock[] locks = new OwnLWLock[MOST];
    private final boolean[] exclusive = new boolean[MOST];
    private final int[] holds = new int[MOST];
    // Written by the owner.
    private final AtomicInteger count = new AtomicInteger();
    private volatile boolean fenced;

    public HeldLocks(Member member) { this.member = member; }

    Member member() { return member; }

    /** Notes that it is about to be taken; interrupts are held off from here on. */
    void note(OwnLWLock lock, boolean forItself) {
        int held = count.getPlain();
        if (held == MOST) {
            throw member.error(errcode("XX000", "too many LWLocks taken").errdetail("A process may hold " + MOST + "."));
        }
        locks[held] = lock;
        exclusive[held] = forItself;
        holds[held] = member.entry().holdInterrupts();
        count.setRelease(held + 1);
    }

    boolean fenced() { return fenced; }

    /** It was not taken. */
    void forgetNewest() { remove(count.getPlain() - 1); }

    /** The newest note of that lock in that mode, -1 for none. */
    int find(OwnLWLock lock, boolean forItself) {
        for (int i = count.getPlain() - 1; i >= 0; i--) {
            if (exclusive[i] == forItself && locks[i].same(lock)) {
                return i;
            }
        }
        return -1;
    }

    /** The newest is of a lock that there is an older note of. */
    boolean notedTwice(OwnLWLock lock) {
        for (int i = count.getPlain() - 2; i >= 0; i--) {
            if (locks[i].same(lock)) {
                return true;
            }
        }
        return false;
    }

    boolean holds(OwnLWLock lock) { return find(lock, true) >= 0 || find(lock, false) >= 0; }

    /** It was released; interrupts are as they were before it. */
    void remove(int index) {
        int last = count.getPlain() - 1;
        int hold = holds[index];
        for (int i = index; i < last; i++) {
            locks[i] = locks[i + 1];
            exclusive[i] = exclusive[i + 1];
            holds[i] = holds[i + 1];
        }
        count.setRelease(last);
        member.entry().resumeInterrupts(hold);
    }

    /**
     * {@code LWLockReleaseAll}, without a word: when a transaction or a scope ends badly, and first of all at the exit; at the
     * end of that for what its callbacks have taken. After a crash they stay taken until the reset.
     */
    @Override
    public void release(Phase phase, Scope scope, boolean commit) {
        if ((phase == Phase.LWLOCKS || phase == Phase.PROC) && !member.entry().crashing()) {
            for (int i = count.getPlain() - 1; i >= 0; i--) {
                locks[i].giveBack(exclusive[i]);
                remove(i);
            }
        }
    }

    /** Whether it holds one, or may be about to. */
    @Override
    public boolean fence() {
        fenced = true;
        return holding();
    }

    /** From any thread. */
    public boolean holding() { return count.get() > 0; }

    ErrorException error(ErrorData data) { return member.error(data); }
}
