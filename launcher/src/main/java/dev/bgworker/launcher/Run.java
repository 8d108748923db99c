package dev.bgworker.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.osgi.framework.BundleException;

/** One run of a host in the foreground, from its lock to its exit. Main thread only. */
final class Run {

    /** Above the start level that the framework begins with, so that the prompt comes after the first messages. */
    private static final int SHELL_LEVEL = 60;
    /** A host that is not ready by then gets its shell all the same: its operator wants to look. */
    private static final Duration SHELL_AT_LATEST = Duration.ofSeconds(5);

    private final Distribution distribution;
    private final Home home;
    private final boolean interactive;
    private final PromptOutput prompt;
    private final PrintStream out;
    private final PrintStream err;

    Run(Distribution distribution, Home home, boolean interactive, PrintStream out, PrintStream err) {
        this.distribution = distribution;
        this.home = home;
        this.interactive = interactive;
        this.prompt = new PromptOutput(out);
        this.out = interactive ? new PrintStream(prompt, true) : out;
        this.err = err;
    }

    /** Runs until the host stops, or for the given time (zero: for ever); prints the lines when it is ready. */
    void run(Duration time, List<String> whenReady) throws BundleException, InterruptedException, IOException {
        System.setOut(out); // before the shell and the log keep what they find there
        Host host = new Host(home.properties(distribution));
        PidFile pidFile = home.lock(ProcessHandle.current().pid()); // last, since only the hook empties it
        ShutdownHook hook = new ShutdownHook(host, pidFile, err);
        Runtime.getRuntime().addShutdownHook(new Thread(hook, "bgworkerd shutdown"));
        host.start(distribution.bundles());
        hook.started();
        prompt.follow(host.context());
        if (host.awaitReady(SHELL_AT_LATEST)) {
            out.println("bgworkerd " + Versions.bgworkerd() + " ready in " + sinceStart().toMillis() + " ms"
                    + (host.standby() ? ", in standby mode" : ""));
            whenReady.forEach(out::println);
        } else if (host.stopping()) {
            err.println("bgworkerd: stopped before it was ready, see " + home.log());
            host.awaitStop(time);
            return;
        } else {
            List<String> notActive = host.notActive();
            err.println("bgworkerd: not ready after " + SHELL_AT_LATEST.toSeconds() + " s, see " + home.log()
                    + (notActive.isEmpty() ? "" : "; not active: " + String.join(", ", notActive)));
        }
        if (interactive) { // else JLine would take the signals of a terminal at one end of a pipe
            host.startShell(SHELL_LEVEL);
        }
        host.awaitStop(time);
    }

    private static Duration sinceStart() {
        Instant now = Instant.now();
        Long script = Long.getLong("bgw.started"); // the process may be older: exec keeps that of a build before it
        return Duration.between(script != null
                ? Instant.ofEpochMilli(script)
                : ProcessHandle.current().info().startInstant().orElse(now), now);
    }
}
