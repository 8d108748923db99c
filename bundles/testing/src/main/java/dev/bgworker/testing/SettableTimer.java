package dev.bgworker.testing;

import dev.bgworker.spi.timeout.Timer;

/** The timeouts of spi by the time of that machine. Thread-safe. */
record SettableTimer(SettableMachine machine) implements Timer {

    /** Above zero, as it must be, from the first moment on. */
    @Override
    public long now() { return machine.nanoTime() + 1; }

    @Override
    public void at(long nanos, Runnable then) { machine.at(nanos - 1, then); }
}
