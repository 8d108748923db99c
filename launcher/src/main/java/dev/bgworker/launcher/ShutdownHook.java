package dev.bgworker.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import org.osgi.framework.BundleException;

/**
 * The only way out of a running host, whoever asked for it (SIGTERM, Ctrl-C, the shell, the end of a demonstration).
 *
 * <p>It halts, since the status of the JVM after a signal would be that of the signal, and since a worker's thread may
 * be waiting inside {@code System.exit} for this very hook.
 */
final class ShutdownHook implements Runnable {

    /** Published by the supervisor: longer than its shutdown_timeout, at which it gives up workers. */
    private static final String LIMIT = "bgw.shutdown.limit";
    /** Before the supervisor has read its settings. */
    private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(75);
    private static final int GAVE_UP = 3;
    private static final String SHELL = "Gogo shell";
    private static final Duration SHELL_LEAVES = Duration.ofMillis(500);

    private final Host host;
    private final PidFile pidFile;
    private final PrintStream err;
    /** Written by the main thread when the host has started: until then every end is a failed start. */
    private volatile int status = 1;

    ShutdownHook(Host host, PidFile pidFile, PrintStream err) {
        this.host = host;
        this.pidFile = pidFile;
        this.err = err;
    }

    void started() { status = 0; }

    @Override
    public void run() {
        int stopped = stop();
        try {
            pidFile.close();
        } catch (IOException e) {
            err.println("bgworkerd: cannot empty the pid file: " + e.getMessage());
        }
        err.flush();
        Runtime.getRuntime().halt(stopped != 0 ? stopped : Math.max(status, Integer.getInteger("bgw.exit.status", 0)));
    }

    /**
     * Has the shell leave its read before its bundle closes the terminal: a read that is under way then waits for a key,
     * and the bundle five seconds for the read.
     */
    private static void endShell() throws InterruptedException {
        for (Thread each : Thread.getAllStackTraces().keySet()) {
            if (each.getName().equals(SHELL)) {
                each.interrupt();
                each.join(SHELL_LEAVES.toMillis());
            }
        }
    }

    private int stop() {
        try {
            endShell();
            host.stop();
            Duration limit = Duration.ofMillis(Long.getLong(LIMIT, DEFAULT_LIMIT.toMillis()));
            if (host.awaitStop(limit)) {
                return 0;
            }
            err.println("bgworkerd: bundles did not stop within " + limit.toSeconds() + " s, giving up");
        } catch (BundleException | InterruptedException e) {
            err.println("bgworkerd: cannot stop: " + e);
        }
        return GAVE_UP;
    }
}
