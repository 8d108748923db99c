package dev.bgworker.supervisor.process;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;

/** A sleeper that remembers that it was woken, and never sleeps. */
final class Woken extends Selector {

    // Written by one actor, read when both are done.
    boolean woken;

    @Override
    public Selector wakeup() {
        woken = true;
        return this;
    }

    @Override
    public boolean isOpen() { return true; }

    @Override
    public void close() {}

    @Override
    public SelectorProvider provider() { throw new UnsupportedOperationException(); }

    @Override
    public Set<SelectionKey> keys() { return Set.of(); }

    @Override
    public Set<SelectionKey> selectedKeys() { return Set.of(); }

    @Override
    public int selectNow() { return 0; }

    @Override
    public int select(long timeout) { return 0; }

    @Override
    public int select() { return 0; }
}
