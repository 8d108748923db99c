package dev.bgworker.toolkit.sim;

/** The thread of one run, and what it will heed. */
final class VirtualThread {

    final long pid;
    final VirtualWorker worker;
    final boolean heeds;
    boolean ended;
    boolean givenUp;
    /** Told by anybody to go. */
    boolean signalled;

    VirtualThread(long pid, VirtualWorker worker, boolean heeds) {
        this.pid = pid;
        this.worker = worker;
        this.heeds = heeds;
    }
}
