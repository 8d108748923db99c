package dev.bgworker.supervisor.process;

/**
 * Makes the threads of the host. None inherits thread locals or a context class loader, so that none keeps a replaced
 * bundle's loader alive; none falls into the group of the worker on whose thread it happens to be made, where it would be
 * taken for one of that worker's.
 */
public final class HostThreads {

    private static final ThreadGroup HOST = topmost(Thread.currentThread().getThreadGroup());

    private HostThreads() {}

    private static ThreadGroup topmost(ThreadGroup group) {
        return group.getParent() == null ? group : topmost(group.getParent());
    }

    /** One of the host's own. */
    public static Thread make(String name, Runnable work) { return make(HOST, name, work); }

    static Thread make(ThreadGroup group, String name, Runnable work) {
        Thread thread = new Thread(group, work, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        return thread;
    }

    /** A group to run a worker in. */
    static ThreadGroup group() { return new ThreadGroup(HOST, "bgw worker"); }
}
