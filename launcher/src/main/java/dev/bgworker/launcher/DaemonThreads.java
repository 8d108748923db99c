package dev.bgworker.launcher;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.ThreadFactory;

/**
 * Threads of the JDK's pool for asynchronous files, named by a system property.
 *
 * <p>Such a thread is made on the way of some worker's commit and outlives it, so it must hold nothing of that worker's
 * library: no context class loader, no inherited thread locals, and no access control context, which would hold the
 * protection domain of every class on the stack.
 */
public final class DaemonThreads implements ThreadFactory {

    @Override
    @SuppressWarnings("removal") // no other way to cut the inherited context before JDK 24, where it is gone
    public Thread newThread(Runnable task) {
        return AccessController.doPrivileged((PrivilegedAction<Thread>) () -> {
            Thread thread = new Thread(null, task, "async file I/O", 0, false);
            thread.setContextClassLoader(null);
            thread.setDaemon(true);
            return thread;
        });
    }
}
