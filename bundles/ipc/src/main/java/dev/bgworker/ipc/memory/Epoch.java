package dev.bgworker.ipc.memory;

/** One life of shared memory, from its creation to what ends it. Ended once, by the provider; thread-safe. */
public final class Epoch {

    private final long number;
    private volatile String end;

    public Epoch(long number) { this.number = number; }

    /** Crash resets before it. */
    public long number() { return number; }

    /** By a crash reset. */
    public void end() { end("a crash ended it"); }

    /**
     * From now on whatever is of it fails with 55000.
     *
     * @param why as the error says it
     */
    public void end(String why) { end = why; }

    public boolean over() { return end != null; }

    /** Null as long as it is not over. */
    public String why() { return end; }
}
