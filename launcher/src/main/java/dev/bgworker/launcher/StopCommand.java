package dev.bgworker.launcher;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;

/** {@code bgworkerd stop}, the counterpart of {@code pg_ctl stop}: ends the host of a home directory and waits for it. */
@Command(name = "stop", description = "Stops the host that runs on the home directory, and waits until it is gone.")
final class StopCommand implements Callable<Integer> {

    /** Longer than the host's own limit. */
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Bgworkerd root;
    private final PrintStream out;

    StopCommand(Bgworkerd root, PrintStream out) {
        this.root = root;
        this.out = out;
    }

    @Override
    public Integer call() throws Exception {
        Home home = root.homeOrDefault();
        long pid = home.runningPid()
                .orElseThrow(() -> new RefusedException("no bgworkerd is running on " + home.directory()));
        ProcessHandle host = ProcessHandle.of(pid).orElseThrow(() -> new RefusedException(
                "the bgworkerd on " + home.directory() + " (pid " + pid + ") is not among the processes seen from here"));
        if (!host.destroy()) {
            throw new RefusedException("may not stop the bgworkerd on " + home.directory() + " (pid " + pid + ")");
        }
        try {
            host.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new RefusedException("the bgworkerd on " + home.directory() + " (pid " + pid + ") has not stopped within "
                    + LIMIT.toSeconds() + " s, see " + home.log(), e);
        }
        out.println("bgworkerd on " + home.directory() + " has stopped (pid " + pid + ")");
        return 0;
    }
}
