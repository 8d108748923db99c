package dev.bgworker.benchmarks;

/** The anchor: a platform thread as the supervisor makes them, with nothing around it. */
final class BareThread {

    private BareThread() {}

    static Thread start(Runnable work) {
        Thread thread = new Thread(null, work, "bare", 0, false);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
