package dev.bgworker.spi.notify;

/** The process that has inboxes. */
public interface Listener {

    long pid();

    /** Before each call: the process's own thread, and a die that is sticky. */
    void checkCall();

    /** Messages are read between transactions only. On its own thread. */
    boolean inTransaction();

    /** From any thread. */
    void setLatch();
}
