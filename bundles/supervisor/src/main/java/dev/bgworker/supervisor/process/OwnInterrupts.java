package dev.bgworker.supervisor.process;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;

/**
 * Signals and what they do. A signal comes from any thread; while blocked it stays pending, else its handler's flag is set
 * and the latch with it. Flags act at {@link #check} alone, in the owner's thread. The monitor guards the sets below and is
 * held for a few instructions only.
 */
final class OwnInterrupts implements Interrupts {

    private final BgProc proc;
    private final Holds holds;
    private final Map<Signal, Handler> handlers = new EnumMap<>(Signal.class);
    private final Set<Signal> came = EnumSet.noneOf(Signal.class);
    private final Set<Signal> flags = EnumSet.noneOf(Signal.class);
    /** Added to by any thread, inside the monitor; taken from by the owner. */
    private final Queue<BooleanSupplier> barriers = new ConcurrentLinkedQueue<>();
    private boolean blocked;
    /** Who sent the first TERM; 0 for the host. */
    private long sender;
    /** Read without the monitor on the way through each check; written inside it. */
    private volatile boolean somethingToDo;
    private volatile boolean die;
    private volatile boolean cancel;
    private volatile String deadlock;
    /** Limits that have passed; written inside the monitor. */
    private volatile Set<ProcArray.Timeout> passed = Set.of();

    OwnInterrupts(BgProc proc, Holds holds, boolean connects, boolean blocked) {
        this.proc = proc;
        this.holds = holds;
        this.blocked = blocked;
        handlers.put(Signal.TERM, Handler.DIE);
        handlers.put(Signal.INT, connects ? Handler.CANCEL : Handler.IGNORE);
        handlers.put(Signal.USR1, connects ? Handler.FLAG : Handler.IGNORE);
        handlers.put(Signal.HUP, Handler.IGNORE);
        handlers.put(Signal.USR2, Handler.IGNORE);
    }

    Holds holds() { return holds; }

    /**
     * {@code kill}; from any thread.
     *
     * @param from pid of the sender, 0 for the host
     */
    void raise(Signal signal, long from) {
        if (signal == Signal.QUIT) {
            proc.ending().quit();
        } else if (!arrives(signal, from)) {
            return;
        }
        proc.signalled();
    }

    private synchronized boolean arrives(Signal signal, long from) {
        if (proc.exiting()) {
            return false; // R112
        }
        if (signal == Signal.TERM && !die && !came.contains(Signal.TERM)) {
            sender = from;
        }
        if (blocked) {
            came.add(signal);
            return false;
        }
        return deliver(signal);
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

    /** A limit has passed; from any thread. */
    void timedOut(ProcArray.Timeout timeout) {
        synchronized (this) {
            if (proc.exiting()) {
                return;
            }
            Set<ProcArray.Timeout> more = EnumSet.of(timeout);
            more.addAll(passed);
            passed = more;
            somethingToDo = true;
        }
        proc.signalled();
    }

    /** What it limited is over; by the owner. */
    void inTime(ProcArray.Timeout timeout) {
        if (!passed.isEmpty() && passed.contains(timeout)) {
            synchronized (this) {
                Set<ProcArray.Timeout> rest = EnumSet.copyOf(passed);
                rest.remove(timeout);
                passed = rest.isEmpty() ? Set.of() : rest;
            }
        }
    }

    /** A barrier to absorb at the next check; from any thread. */
    void barrier(BooleanSupplier absorb) {
        synchronized (this) {
            barriers.add(absorb);
            somethingToDo = true;
        }
        proc.signalled();
    }

    /** Whether a statement under way should be cancelled now; from any thread. Holds defer nothing that must go. */
    boolean wantsOut() {
        return proc.ending().mustGo() || somethingToDo && !proc.exiting() && !holds.all() && wantsToRaise();
    }

    private boolean wantsToRaise() { return die || deadlock != null || cancel && !holds.cancel() || due() != null; }

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
            throw proc.error("22023", "the handler of QUIT cannot be changed", "");
        }
        if (signal == null || handler == null) {
            throw proc.error("22023", "the handler of " + signal + " cannot be " + handler,
                    "Name a signal, and IGNORE to have nothing done.");
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
        if (somethingToDo && !proc.exiting() && !holds.all()) {
            act();
        }
    }

    /** R108: die first, which clears a pending cancel; then cancel; then the rest. */
    private void act() {
        if (die) {
            throw proc.errfinish(new FatalError(terminated()));
        }
        if (cancel && !holds.cancel()) {
            synchronized (this) {
                cancel = false;
            }
            throw proc.error("57014", "canceling statement due to user request", "");
        }
        String detail = deadlock;
        if (detail != null) {
            deadlock = null;
            throw proc.errfinish(new ErrorException(errcode("40P01", "deadlock detected").errdetail(detail)));
        }
        raisePassed();
        absorbBarriers();
        synchronized (this) {
            somethingToDo = die || cancel || deadlock != null || !passed.isEmpty() || !barriers.isEmpty();
        }
    }

    /** Whether a check would act now; the owner asks before it sleeps. */
    boolean actionable() {
        return somethingToDo && !proc.exiting() && !holds.all() && (wantsToRaise() || !barriers.isEmpty());
    }

    private synchronized ErrorData terminated() {
        cancel = false;
        String whom = proc.library() == null ? "connection" : "background worker \"" + proc.type() + "\"";
        return errcode("57P01", "terminating " + whom + " due to administrator command")
                .errdetail(sender == 0 ? "" : "Signal sent by PID " + sender + ".");
    }

    /** The first limit that has passed and may be raised now: that of the statement is a cancel. Null for none. */
    private ProcArray.Timeout due() {
        for (ProcArray.Timeout each : passed) {
            if (each != ProcArray.Timeout.STATEMENT || !holds.cancel()) {
                return each;
            }
        }
        return null;
    }

    private void raisePassed() {
        ProcArray.Timeout due = due();
        if (due != null) {
            inTime(due);
            switch (due) {
                case STATEMENT -> throw proc.error("57014", "canceling statement due to statement timeout", "");
                case TRANSACTION -> throw proc.fatal("25P04", "terminating connection due to transaction timeout");
                case IDLE_IN_TRANSACTION_SESSION ->
                    throw proc.fatal("25P03", "terminating connection due to idle-in-transaction timeout");
                default -> throw new IllegalStateException();
            }
        }
    }

    private void absorbBarriers() {
        for (BooleanSupplier next = barriers.peek(); next != null && next.getAsBoolean(); next = barriers.peek()) {
            barriers.remove();
        }
    }

    @Override
    public Held hold(Hold what) {
        proc.checkCall();
        return holds.hold(what);
    }

    /** R112: die and cancel are dropped, nothing is held any more; what arrives from now on is ignored. */
    synchronized void exit() {
        came.clear();
        die = false;
        cancel = false;
        deadlock = null;
        passed = Set.of();
        holds.reset();
    }
}
