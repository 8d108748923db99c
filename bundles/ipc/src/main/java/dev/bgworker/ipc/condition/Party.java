package dev.bgworker.ipc.condition;

import dev.bgworker.ipc.memory.Bytes;
import dev.bgworker.ipc.memory.Companion;

/**
 * The words that are a barrier, and the steps that change them. Each step is one, inside the monitor, which nobody holds for
 * more than a few instructions; who only looks needs none. Thread-safe.
 *
 * <p>Who waits comes back to it when its memory may be another's, and writes nothing there then.
 */
final class Party implements Companion {

    /** "BARR", so that bytes that nobody has made a barrier are none; and whether the party is static. */
    static final long MAGIC = 0x42415252;
    static final long STATIC = 1L << 32;
    private static final long PHASE = 8;
    private static final long PARTICIPANTS = 16;
    private static final long ARRIVED = 24;
    private static final long ELECTED = 32;

    /** What a step has led to: whether the phase is a new one now, whose number, and whether nobody is attached any more. */
    record Step(boolean advanced, int phase, boolean last) {}

    private final Bytes bytes;
    private final long at;
    // Guarded by the monitor.
    private boolean gone;

    Party(Bytes bytes, long at) {
        this.bytes = bytes;
        this.at = at;
    }

    /** {@code BarrierInit}. */
    static void initialize(Bytes bytes, long at, int participants) {
        bytes.forget(at);
        bytes.setPlain(at + PHASE, 0);
        bytes.setPlain(at + PARTICIPANTS, participants);
        bytes.setPlain(at + ARRIVED, 0);
        bytes.setPlain(at + ELECTED, 0);
        bytes.set(at, participants > 0 ? MAGIC | STATIC : MAGIC);
    }

    @Override
    public synchronized void close() { gone = true; }

    int phase() { return (int) bytes.get(at + PHASE); }

    int participants() { return (int) bytes.get(at + PARTICIPANTS); }

    private int arrived() { return (int) bytes.get(at + ARRIVED); }

    synchronized int attach() {
        bytes.set(at + PARTICIPANTS, participants() + 1);
        return phase();
    }

    /** The last one to arrive is the elected one. */
    synchronized Step arrive() {
        bytes.set(at + ARRIVED, arrived() + 1);
        boolean advanced = arrived() == participants();
        if (advanced) {
            advance();
            bytes.set(at + ELECTED, phase());
        }
        return new Step(advanced, phase(), false);
    }

    /** For one that was woken: the first to ask is elected if the phase began by a detach, and so without an arrival. */
    synchronized boolean elect(int phase) {
        if (gone || phase() != phase || (int) bytes.get(at + ELECTED) == phase) {
            return false;
        }
        bytes.set(at + ELECTED, phase);
        return true;
    }

    /** One that has arrived does not wait to the end, and may come again. */
    synchronized void takeBack(int phase) {
        if (!gone && phase() == phase) {
            bytes.set(at + ARRIVED, arrived() - 1);
        }
    }

    /** Who goes may be the one all others have waited for; without others it advances only if it arrived. */
    synchronized Step detach(boolean arrives) {
        int left = participants() - 1;
        bytes.set(at + PARTICIPANTS, left);
        boolean advanced = (arrives || left > 0) && arrived() == left;
        if (advanced) {
            advance();
        }
        return new Step(advanced, phase(), left == 0);
    }

    /** The last one stays and begins the next phase; last says whether this is it. */
    synchronized Step detachExceptLast() {
        if (participants() == 1) {
            advance();
            return new Step(true, phase(), true);
        }
        Step others = detach(false);
        return new Step(others.advanced(), others.phase(), false);
    }

    private void advance() {
        bytes.set(at + ARRIVED, 0);
        bytes.set(at + PHASE, phase() + 1);
    }
}
