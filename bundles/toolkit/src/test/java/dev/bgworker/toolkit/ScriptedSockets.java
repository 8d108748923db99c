package dev.bgworker.toolkit;

import dev.bgworker.api.process.WaitEventSet;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Sockets in virtual time: a script makes them ready, which ends a wait as the latch does, and whoever reads them not. */
final class ScriptedSockets implements WaitEventSet {

    final Map<SelectableChannel, Integer> interest = new HashMap<>();
    final Map<SelectableChannel, Integer> ready = new HashMap<>();
    private final ScriptedLatch latch;

    ScriptedSockets(ScriptedLatch latch) { this.latch = latch; }

    void becomesReady(SelectableChannel channel, int ops) {
        ready.put(channel, ops);
        latch.wakeWithoutSetting();
    }

    @Override
    public void socket(SelectableChannel channel, int interestOps) { interest.put(channel, interestOps); }

    @Override
    public void reportPostmasterDeath() { throw new UnsupportedOperationException("no loop asks for it"); }

    @Override
    public Wake await(Duration timeout, String waitEvent) {
        ready.keySet().removeIf(each -> !each.isOpen());
        boolean set = latch.await(ready.isEmpty() ? timeout : Duration.ZERO, waitEvent);
        return new Wake(set, !set && ready.isEmpty(), false, Map.copyOf(ready));
    }

    @Override
    public void close() { interest.clear(); }
}
