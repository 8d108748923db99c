package dev.bgworker.supervisor.process;

import java.security.AccessController;
import java.security.PrivilegedAction;

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
        Thread thread = unrelated(group, name, work);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        return thread;
    }

    /**
     * A thread of JDK 17 keeps the access control context of the stack that makes it, and with it the loaders of all classes
     * there; this one has that of the host.
     */
    @SuppressWarnings("removal")
    private static Thread unrelated(ThreadGroup group, String name, Runnable work) {
        return AccessController.doPrivileged((PrivilegedAction<Thread>) () -> new Thread(group, work, name, 0, false));
    }

    /** A group to run a worker in. */
    static ThreadGroup group() { return new ThreadGroup(HOST, "bgw worker"); }

    /** Whether a worker can be started in it as in a new one: nobody destroyed it, had it destroyed, or lowered its priority. */
    @SuppressWarnings("removal")
    static boolean asMade(ThreadGroup group) {
        return !group.isDestroyed() && !group.isDaemon() && group.getMaxPriority() == HOST.getMaxPriority();
    }
}
