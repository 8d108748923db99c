package dev.bgworker.toolkit;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.process.WaitEventSet;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.Map;

/** What a loop sleeps on: its latch, and its sockets if it has any. The worker's own thread only. */
final class WakeUps {

    private final WorkerContext worker;
    // Both written by the worker's thread alone; the set is opened with the first socket.
    private WaitEventSet sockets;
    private Map<SelectableChannel, Integer> ready = Map.of();

    WakeUps(WorkerContext worker) { this.worker = worker; }

    void socket(SelectableChannel channel, int interestOps) {
        if (sockets == null) {
            sockets = worker.waitEventSet();
        }
        sockets.socket(channel, interestOps);
    }

    /** Whether something other than time ended it. */
    boolean await(Duration timeout) {
        if (sockets == null) {
            return worker.latch().await(timeout, "MainLoop");
        }
        WaitEventSet.Wake wake = sockets.await(timeout, "MainLoop");
        ready = wake.ready();
        return wake.latchSet() || !ready.isEmpty();
    }

    /** On the latch alone: a socket stays ready until somebody reads it, which nobody does before the pause is over. */
    void pause(Duration timeout) {
        worker.latch().await(timeout, "MainLoopErrorPause");
    }

    /** The channels that were ready at the end of the last wait, or are now, which who comes from a pause has to ask. */
    Map<SelectableChannel, Integer> ready(boolean paused) {
        if (paused && sockets != null) {
            ready = sockets.await(Duration.ZERO, "MainLoop").ready();
        }
        Map<SelectableChannel, Integer> taken = ready;
        ready = Map.of();
        return taken;
    }
}
