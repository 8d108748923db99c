package dev.bgworker.ipc.lwlock;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.ipc.LWLock;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.ipc.memory.Bytes;
import dev.bgworker.ipc.memory.MappedArea;
import dev.bgworker.ipc.memory.Mapping;
import java.util.Optional;

/** A lock as one process sees it. Owner thread only. */
public final class OwnLWLock implements LWLock {

    private final MappedArea area;
    private final Mapping mapping;
    private final Bytes bytes;
    private final long word;
    private final Tranches tranches;
    private final HeldLocks held;
    private final SpinDelay delay;
    private final Held exclusive = () -> close(true);
    private final Held shared = () -> close(false);
    // Whether it was seen that it is one and no spinlock; owner thread only.
    private boolean plain;

    public OwnLWLock(MappedArea area, Tranches tranches, HeldLocks held, SpinDelay delay) {
        this.area = area.room("LWLock", SIZE);
        this.mapping = area.mapping();
        this.bytes = mapping.bytes();
        this.word = area.base();
        this.tranches = tranches;
        this.held = held;
        this.delay = delay;
    }

    @Override
    public void initialize(int trancheId) {
        mapping.check();
        if (trancheId != SPINLOCK && !tranches.known(trancheId)) {
            throw held.error(errcode("22023", "tranche " + trancheId + " is not registered")
                    .errhint("Take the id that newTrancheId gives."));
        }
        LockWord.initialize(bytes, word, trancheId);
        plain = false;
    }

    @Override
    public Held acquire(LockMode mode) {
        boolean forItself = mode == LockMode.EXCLUSIVE;
        if (begin(forItself) > 0 && held.notedTwice(this)) {
            throw twice();
        }
        if (!LockWord.attempt(bytes, word, forItself)) {
            waitFor(forItself);
        }
        if (held.fenced()) {
            backOut(forItself);
        }
        return forItself ? exclusive : shared;
    }

    @Override
    public Optional<Held> conditionalAcquire(LockMode mode) {
        boolean forItself = mode == LockMode.EXCLUSIVE;
        begin(forItself);
        if (!LockWord.attempt(bytes, word, forItself)) {
            held.forgetNewest();
            return Optional.empty();
        } else if (held.fenced()) {
            backOut(forItself);
        }
        return Optional.of(forItself ? exclusive : shared);
    }

    /** How many locks it held before. */
    private int begin(boolean forItself) {
        mapping.check();
        if (!plain) {
            look(forItself);
        }
        return held.note(this, forItself);
    }

    private void look(boolean forItself) {
        if (!LockWord.initialized(bytes, word)) {
            throw held.error(errcode("55000", "lock at offset " + word + " of " + mapping.name() + " is not initialized")
                    .errhint("Whoever finds its area new calls initialize."));
        }
        plain = tranche() != SPINLOCK;
        if (!forItself && !plain) {
            throw held.error(errcode("22023", "a spinlock cannot be shared"));
        }
    }

    private ErrorException twice() {
        held.forgetNewest();
        return held.error(errcode("XX000", "lock " + this + " is already held by this process")
                .errdetail("An LWLock is not re-entrant: who takes it twice waits for himself."));
    }

    private void waitFor(boolean forItself) {
        held.waits();
        try {
            if (plain) {
                queue(forItself);
            } else {
                delay.until(() -> LockWord.attempt(bytes, word, true), held.member(), this);
            }
        } catch (RuntimeException | Error e) {
            held.forgetNewest();
            throw e;
        } finally {
            held.waitsNoMore();
        }
    }

    /**
     * {@code LWLockAcquire}: joins the queue, tries once more in case it was released meanwhile, and sleeps. Who is woken
     * competes with whoever comes, and joins again at the end when he loses.
     */
    private void queue(boolean forItself) {
        ProcArray.Entry me = held.member().entry();
        WaitList list = waiters();
        while (true) {
            WaitList.Waiter waiter = list.join(held.member(), forItself);
            if (LockWord.attempt(bytes, word, forItself)) {
                list.leave(waiter);
                return;
            }
            sleep(me, waiter);
            if (waiter.woken()) {
                if (LockWord.attempt(bytes, word, forItself)) {
                    return;
                }
            } else {
                giveUp(list, waiter);
            }
        }
    }

    private void sleep(ProcArray.Entry me, WaitList.Waiter waiter) {
        held.sleeps();
        try {
            me.sleep(waiter, "LWLock", toString());
        } finally {
            held.awakes();
        }
    }

    /** It must go, or its epoch is over; if it was woken just now, that is passed on. */
    private void giveUp(WaitList list, WaitList.Waiter waiter) {
        if (!list.leave(waiter) && LockWord.free(bytes, word)) {
            list.wakeUp();
        }
        mapping.check();
    }

    /** It was given up, or the provider has gone, while it took the lock. */
    private void backOut(boolean forItself) {
        giveBack(forItself);
        held.forgetNewest();
        mapping.check(); // raises
    }

    @Override
    public boolean heldByMe() {
        mapping.check();
        return held.holds(this);
    }

    private void close(boolean forItself) {
        held.member().checkThread();
        held.release(this, forItself);
    }

    /** Without a note. If its memory was freed meanwhile, what waits there now waits for something else. */
    void giveBack(boolean forItself) {
        if (LockWord.release(bytes, word, forItself) && LockWord.initialized(bytes, word)) {
            waiters().wakeUp();
        }
    }

    private WaitList waiters() { return bytes.companion(word, WaitList.class, () -> new WaitList(bytes, word)); }

    private int tranche() { return LockWord.tranche(bytes, word); }

    boolean same(OwnLWLock other) { return other == this || other.bytes == bytes && other.word == word; }

    /** The name of its tranche, as the activity view shows it. */
    @Override
    public String toString() { return tranches.name(tranche()); }
}
