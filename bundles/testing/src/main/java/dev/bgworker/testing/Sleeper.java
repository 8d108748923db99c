package dev.bgworker.testing;

import java.nio.channels.Selector;
import java.util.concurrent.locks.LockSupport;

/** One sleep of a process. Fields that change are guarded by the machine's monitor. */
final class Sleeper {

    final Selector selector;
    final long deadline;
    private final Thread thread;
    /** Read by its own thread without the monitor. */
    volatile boolean asleep;
    /** Whether it counted as running before, and so will when it wakes: not who was given up, nor a thread of the test. */
    boolean counted;
    /** Its time was over before it slept; written before its thread reads it. */
    boolean late;

    /** @param selector null for one that parks */
    Sleeper(Thread thread, Selector selector, long deadline) {
        this.thread = thread;
        this.selector = selector;
        this.deadline = deadline;
    }

    void wake() {
        asleep = false;
        if (selector == null) {
            LockSupport.unpark(thread);
        } else {
            selector.wakeup();
        }
    }
}
