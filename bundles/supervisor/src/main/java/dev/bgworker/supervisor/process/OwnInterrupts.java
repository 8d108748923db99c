package dev.bgworker.supervisor.process;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts;
import dev.bgworker.api.process.ProcExit;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Signals and what they do. A signal comes from any thread; while blocked it stays pending, else its handler's flag is set
 * and the latch with it. Flags act at {@link #check} alone, in the owner's thread. The monitor guards the sets below and is
 * held for a few instructions only.
 */
final class OwnInterrupts implements Interrupts {

    private final BgProc proc;
    private final Map<Signal, Handler> handlers = new EnumMap<>(Signal.class);
    private final Set<Signal> came = EnumSet.noneOf(Signal.class);
    private final Set<Signal> flags = EnumSet.noneOf(Signal.class);
    private final Deque<BooleanSupplier> barriers = new ArrayDeque<>();
    private final int[] holds = new int[Hold.values().length];
    /** Written by the owner: what the holds defer, for other threads to read. */
    private volatile boolean defersAll;
    private volatile boolean defersCancel;
    private boolean blocked;
    /** Read without the monitor on the way through each check; written inside it. */
    private volatile boolean somethingToDo;
    private volatile boolean die;
    private volatile boolean cancel;
    private volatile boolean quit;
    private volatile String deadlock;

    OwnInterrupts(BgProc proc, boolean connects, boolean blocked) {
        this.proc = proc;
        this.blocked = blocked;
        handlers.put(Signal.TERM, Handler.DIE);
        handlers.put(Signal.INT, connects ? Handler.CANCEL : Handler.IGNORE);
        handlers.put(Signal.USR1, connects ? Handler.FLAG : Handler.IGNORE);
        handlers.put(Signal.HUP, Handler.IGNORE);
        handlers.put(Signal.USR2, Handler.IGNORE);
    }

    /** {@code kill}; from any thread. */
    void raise(Signal signal) {
        synchronized (this) {
            if (signal == Signal.QUIT) {
                quit = true;
                somethingToDo = true;
            } else if (blocked) {
                came.add(signal);
                return;
            } else if (!deliver(signal)) {
                return;
            }
        }
        proc.signalled();
    }

    private boolean deliver(Signal signal) {
        switch (handlers.get(signal)) {
            case IGNORE -> {
                return false;
            }
            case FLAG -> flags.add(signal);
            case DIE -> die = true;
            case CANCEL -> cancel = true;
            default -> throw new IllegalStateException();
        }
        somethingToDo = true;
        return true;
    }

    /** The wait graph chose this process to resolve a deadlock; from any thread. */
    void deadlock(String detail) {
        synchronized (this) {
            deadlock = detail;
            somethingToDo = true;
        }
        proc.signalled();
    }

    /** The wait that was part of one is over; by the owner. */
    void noDeadlock() { deadlock = null; }

    /** A barrier to absorb at the next check; from any thread. */
    void barrier(BooleanSupplier absorb) {
        synchronized (this) {
            barriers.add(absorb);
            somethingToDo = true;
        }
        proc.signalled();
    }

    /** Whether a statement under way should be cancelled now; from any thread. */
    boolean wantsOut() {
        return proc.mustGo() || !defersAll && (die || quit || deadlock != null || cancel && !defersCancel);
    }

    @Override
    public void unblock() {
        proc.checkCall();
        boolean any = false;
        synchronized (this) {
            blocked = false;
            for (Signal each : came) {
                any |= deliver(each);
            }
            came.clear();
        }
        if (any) {
            proc.signalled();
        }
    }

    @Override
    public synchronized void block() {
        proc.checkCall();
        blocked = true;
    }

    @Override
    public synchronized void handle(Signal signal, Handler handler) {
        proc.checkCall();
        if (signal == Signal.QUIT) {
            throw Errors.error("22023", "the handler of QUIT cannot be changed");
        }
        handlers.put(signal, handler);
    }

    @Override
    public synchronized boolean pending(Signal signal) {
        proc.checkThread();
        return flags.contains(signal) || die && handlers.get(signal) == Handler.DIE
                || cancel && handlers.get(signal) == Handler.CANCEL;
    }

    @Override
    public synchronized boolean take(Signal signal) {
        proc.checkThread();
        boolean was = pending(signal);
        flags.remove(signal);
        if (handlers.get(signal) == Handler.CANCEL) {
            cancel = false;
        }
        return was;
    }

    @Override
    public void check() {
        proc.checkCall();
        if (somethingToDo && !proc.exiting() && !defersAll) {
            act();
        }
    }

    /** R108: die first, which clears a pending cancel; then cancel; then the rest. */
    private void act() {
        if (quit) {
            proc.sticky(new ProcExit(2));
        }
        if (die) {
            cancel = false;
            proc.sticky(Errors.fatal("57P01", "terminating background worker \"" + proc.type()
                    + "\" due to administrator command"));
        }
        if (cancel && !defersCancel) {
            synchronized (this) {
                cancel = false;
            }
            throw resetHolds("57014", "canceling statement due to user request");
        }
        String detail = deadlock;
        if (detail != null) {
            deadlock = null;
            throw resetHolds("40P01", "deadlock detected", detail);
        }
        absorbBarriers();
        synchronized (this) {
            somethingToDo = die || cancel || quit || deadlock != null || !barriers.isEmpty();
        }
    }

    private RuntimeException resetHolds(String sqlState, String message) { return resetHolds(sqlState, message, ""); }

    private RuntimeException resetHolds(String sqlState, String message, String detail) {
        Arrays.fill(holds, 0);
        held();
        return new ErrorException(
                errcode(sqlState, message).errdetail(detail));
    }

    private void absorbBarriers() {
        while (true) {
            BooleanSupplier next;
            synchronized (this) {
                next = barriers.peek();
            }
            if (next == null || !next.getAsBoolean()) {
                return;
            }
            synchronized (this) {
                barriers.remove(next);
            }
        }
    }

    @Override
    public Held hold(Hold what) {
        proc.checkCall();
        holds[what.ordinal()]++;
        held();
        return new Once(() -> {
            holds[what.ordinal()] = Math.max(0, holds[what.ordinal()] - 1);
            held();
        });
    }

    private void held() {
        defersAll = holds[Hold.INTERRUPTS.ordinal()] > 0 || holds[Hold.CRIT_SECTION.ordinal()] > 0;
        defersCancel = holds[Hold.CANCEL.ordinal()] > 0;
    }

    /** Whether main was left inside a critical section, which makes any error a PANIC. */
    boolean inCriticalSection() {
        return holds[Hold.CRIT_SECTION.ordinal()] > 0;
    }
}
