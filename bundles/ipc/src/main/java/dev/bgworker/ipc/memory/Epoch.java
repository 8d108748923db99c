package dev.bgworker.ipc.memory;

/** One life of shared memory, from its creation to the crash reset that ends it. Ended once, by the provider; thread-safe. */
public final class Epoch {

    private final long number;
    private volatile boolean over;

    public Epoch(long number) { this.number = number; }

    /** Crash resets before it. */
    public long number() { return number; }

    /** From now on whatever is of it fails with 55000. */
    public void end() { over = true; }

    public boolean over() { return over; }
}
