package dev.bgworker.supervisor.process;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.WaitEventSet;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The owner's thread alone. Without sockets it sleeps on the latch; with them in a selector of its own, which the latch
 * wakes. The protocol is the latch's: a wakeup that comes before the select lets that return at once, so none is lost.
 */
final class OwnWaitEventSet implements WaitEventSet {

    private static final Map<SelectableChannel, Integer> NONE = Map.of();

    private final BgProc proc;
    private final OwnLatch latch;
    private final Machine machine;
    /** What its process owns; set once, by {@link #open}. */
    private Held owned;
    /** Opened with the first socket. */
    private Selector selector;
    private boolean reportsDeath;
    private boolean closed;

    private OwnWaitEventSet(BgProc proc) {
        this.proc = proc;
        this.latch = proc.ownLatch();
        this.machine = proc.shared().machine();
    }

    static WaitEventSet open(BgProc proc) {
        OwnWaitEventSet made = new OwnWaitEventSet(proc);
        made.owned = proc.scope().own(made::release);
        return made;
    }

    @Override
    public void socket(SelectableChannel channel, int interestOps) {
        checkOpen();
        try {
            if (selector == null) {
                selector = Selector.open();
            }
            SelectionKey key = channel.keyFor(selector);
            if (key == null || !key.isValid()) {
                selector.selectNow(); // takes out what was closed, else it could not be put in again
                selector.selectedKeys().clear();
                channel.register(selector, interestOps);
            } else {
                key.interestOps(interestOps);
            }
        } catch (IllegalBlockingModeException e) {
            throw refused(channel, "is in blocking mode", "Call configureBlocking(false) first.");
        } catch (IllegalArgumentException e) {
            throw refused(channel, "cannot wait for the operations " + interestOps,
                    "Use those of SelectionKey that the channel's validOps() has.");
        } catch (ClosedChannelException e) {
            throw refused(channel, "is closed", "");
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private ErrorException refused(SelectableChannel channel, String why, String hint) {
        return proc.error("22023", "channel " + channel + " " + why, hint);
    }

    private ErrorException failed(IOException e) {
        return proc.error("58030", "could not wait for sockets: " + e.getMessage(), "");
    }

    @Override
    public void reportPostmasterDeath() {
        checkOpen();
        reportsDeath = true;
    }

    @Override
    public Wake await(Duration timeout, String waitEvent) {
        checkOpen();
        proc.checkWaitEvent(waitEvent);
        latch.beginWait(selector == null ? Thread.currentThread() : selector, "Extension", waitEvent);
        try {
            return found(OwnLatch.nanos(timeout));
        } catch (IOException e) {
            throw failed(e);
        } finally {
            latch.endWait();
        }
    }

    private Wake found(long nanos) throws IOException {
        long start = machine.nanoTime();
        boolean inTime = nanos > 0;
        while (true) {
            if (!reportsDeath) {
                latch.exitIfSupervisorDied();
            }
            boolean set = latch.isSet();
            boolean death = reportsDeath && latch.supervisorDied();
            inTime &= selector == null || select(start, set || death ? 0 : nanos);
            Map<SelectableChannel, Integer> ready = selector == null ? NONE : ready();
            set |= latch.isSet();
            if (set || death || !ready.isEmpty() || !inTime) {
                return new Wake(set, !set && !death && ready.isEmpty(), death, ready);
            }
            if (selector == null) {
                inTime = machine.park(proc, start, nanos);
                Thread.interrupted();
            }
        }
    }

    /** False when the time since then is over. */
    private boolean select(long since, long nanos) throws IOException {
        boolean inTime = machine.select(proc, selector, since, nanos);
        Thread.interrupted();
        return inTime;
    }

    private Map<SelectableChannel, Integer> ready() {
        Map<SelectableChannel, Integer> ready = new HashMap<>();
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.isValid()) {
                ready.put(key.channel(), key.readyOps());
            }
        }
        selector.selectedKeys().clear();
        return ready;
    }

    private void checkOpen() {
        proc.checkThread();
        if (closed) {
            throw proc.error("55000", "the wait event set of " + proc.inWords() + " is closed", "");
        }
    }

    @Override
    public void close() {
        proc.checkThread();
        owned.close();
    }

    private void release() throws IOException {
        closed = true;
        if (selector != null) {
            selector.close();
        }
    }
}
