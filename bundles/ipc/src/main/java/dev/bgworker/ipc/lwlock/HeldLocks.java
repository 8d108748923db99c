package dev.bgworker.ipc.lwlock;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.control.Server.LockRow;
import dev.bgworker.api.host.WorkerResource.Phase;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.api.process.Scope;
import dev.bgworker.ipc.memory.Member;
import dev.bgworker.ipc.memory.Part;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code held_lwlocks}: what one process holds, spinlocks too, in the order in which it took them. The owner thread, except
 * {@link #holding}, {@link #fence} and {@link #lockRows}.
 *
 * <p>A lock is noted before it is taken, by an atomic operation on its word; whoever gives the process up fences the member,
 * then looks at the notes, and the owner looks at the fence after it has taken the lock. So either the owner backs out, or
 * the other sees that there may be a lock. Who sleeps in a lock's queue takes none meanwhile, so it has no note of that one.
 */
public final class HeldLocks implements Part {

    /** {@code MAX_SIMUL_LWLOCKS}. */
    static final int MOST = 200;
    private static final int NONE = -1;

    private static final VarHandle COUNT;

    static {
        try {
            COUNT = MethodHandles.lookup().findVarHandle(HeldLocks.class, "count", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Member member;
    private final OwnLWLock[] locks = new OwnLWLock[MOST];
    // What the hold of interrupts is to be resumed with, and whether it is exclusive, in the lowest bit.
    private final int[] notes = new int[MOST];
    // Written by the owner, without a fence: the lock's own word is one.
    private volatile int count;
    // Which of them is not held yet but waited for, NONE for none; written by the owner.
    private volatile int waiting = NONE;

    public HeldLocks(Member member) { this.member = member; }

    Member member() { return member; }

    private boolean exclusive(int index) { return (notes[index] & 1) != 0; }

    private int count() { return (int) COUNT.get(this); }

    /**
     * Notes that it is about to be taken; interrupts are held off from here on.
     *
     * @return how many are older
     */
    int note(OwnLWLock lock, boolean forItself) {
        int older = count();
        if (older == MOST) {
            throw tooMany();
        }
        if (locks[older] != lock) { // a reference is dear to write into what is old
            locks[older] = lock;
        }
        notes[older] = member.entry().holdInterrupts() << 1 | (forItself ? 1 : 0);
        COUNT.setRelease(this, older + 1);
        return older;
    }

    private ErrorException tooMany() {
        return member.error(errcode("XX000", "too many LWLocks taken").errdetail("A process may hold " + MOST + "."));
    }

    /** It sleeps in the queue of what it has noted last. */
    void sleeps() { COUNT.setRelease(this, count() - 1); }

    /** It is about to take what it has slept for. */
    void awakes() { COUNT.setRelease(this, count() + 1); }

    boolean fenced() { return member.fenced(); }

    /** The newest is to be had later only. */
    void waits() { waiting = count() - 1; }

    void waitsNoMore() { waiting = NONE; }

    /** It was not taken. */
    void forgetNewest() {
        int newest = count() - 1;
        remove(newest, newest, notes[newest] >> 1);
    }

    /** Nothing when it does not hold it, as after an abort, nor when it crashes: then it stays taken until the reset. */
    void release(OwnLWLock lock, boolean forItself) {
        int newest = count() - 1;
        int index = find(lock, forItself, newest);
        if (index >= 0 && !member.entry().crashing()) {
            int hold = notes[index] >> 1;
            lock.giveBack(forItself);
            remove(index, newest, hold);
        }
    }

    /** The newest note of that lock in that mode, -1 for none. */
    private int find(OwnLWLock lock, boolean forItself, int newest) {
        int index = newest;
        while (index >= 0 && !(locks[index].same(lock) && exclusive(index) == forItself)) {
            index--;
        }
        return index;
    }

    /** The newest is of a lock that there is an older note of. */
    boolean notedTwice(OwnLWLock lock) {
        for (int i = count() - 2; i >= 0; i--) {
            if (locks[i].same(lock)) {
                return true;
            }
        }
        return false;
    }

    boolean holds(OwnLWLock lock) { return find(lock, true, count() - 1) >= 0 || find(lock, false, count() - 1) >= 0; }

    /** It was released; interrupts are as they were before it. */
    private void remove(int index, int newest, int hold) {
        for (int i = index; i < newest; i++) {
            locks[i] = locks[i + 1];
            notes[i] = notes[i + 1];
        }
        COUNT.setRelease(this, newest);
        member.entry().resumeInterrupts(hold);
    }

    /**
     * {@code LWLockReleaseAll}, without a word: when a transaction or a scope ends badly, and first of all at the exit; at the
     * end of that for what its callbacks have taken. After a crash they stay taken until the reset. What it held once is
     * forgotten at each end, or memory that was detached would stay.
     */
    @Override
    public void release(Phase phase, Scope scope, boolean commit) {
        if ((phase == Phase.LWLOCKS || phase == Phase.PROC) && !member.entry().crashing()) {
            for (int i = count() - 1; i >= 0; i--) {
                locks[i].giveBack(exclusive(i));
                forgetNewest();
            }
        } else if (phase == Phase.AFTER_LOCKS) {
            for (int i = count(); i < MOST && locks[i] != null; i++) {
                locks[i] = null;
            }
        }
    }

    /** Whether it holds one, or may be about to. */
    @Override
    public boolean fence() { return holding(); }

    @Override
    public boolean holding() { return count > 0; }

    /** The notes are read while the owner goes on, so one that he moves just now may be missed or seen twice. */
    @Override
    public List<LockRow> lockRows() {
        int waited = waiting;
        int noted = Math.max(count, waited + 1);
        List<LockRow> rows = new ArrayList<>(noted);
        for (int i = 0; i < noted; i++) {
            OwnLWLock lock = locks[i];
            if (lock != null) {
                rows.add(new LockRow("lwlock", lock.toString(), exclusive(i) ? LockMode.EXCLUSIVE : LockMode.SHARED,
                        member.entry().proc().pid(), i != waited, null));
            }
        }
        return rows;
    }

    ErrorException error(ErrorData data) { return member.error(data); }
}
