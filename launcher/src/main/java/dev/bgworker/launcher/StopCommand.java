package dev.bgworker.launcher;

import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bgworkerd stop}, the counterpart of {@code pg_ctl stop}: ends the host of a home directory and waits for it. */
@Command(name = "stop", description = "Stops the host that runs on the home directory, and waits until it is gone.")
final class StopCommand implements Callable<Integer> {

    /** {@code pg_ctl}'s. */
    enum Mode {
        SMART, FAST, IMMEDIATE
    }

    private static final String MODES = "smart: waits for sessions to end; fast, the default: ends all workers; "
            + "immediate: and closes the databases without a checkpoint.";

    private static final String TIMES = "How long to wait: 20s, 2min; default: 90s.";

    @Option(names = {"-m", "--mode"}, paramLabel = "MODE", defaultValue = "fast", description = MODES)
    private Mode mode;

    /** Longer than the host's own limit. */
    @Option(names = {"-t", "--timeout"}, paramLabel = "TIME", defaultValue = "90s", description = TIMES)
    private Duration limit;

    private final Bgworkerd root;
    private final PrintStream out;
    private final PrintStream err;

    StopCommand(Bgworkerd root, PrintStream out, PrintStream err) {
        this.root = root;
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws Exception {
        Home home = root.homeOrDefault();
        long pid = home.runningPid()
                .orElseThrow(() -> new RefusedException("no bgworkerd is running on " + home.directory()));
        ProcessHandle host = ProcessHandle.of(pid).orElseThrow(() -> new RefusedException(
                "the bgworkerd on " + home.directory() + " (pid " + pid + ") is not among the processes seen from here"));
        int told = mode == Mode.FAST ? signal(home, host) : ask(home);
        if (told != 0) {
            return told;
        }
        try {
            host.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new RefusedException("the bgworkerd on " + home.directory() + " (pid " + pid + ") has not stopped within "
                    + limit.toSeconds() + " s, see " + home.log()
                    + (mode == Mode.SMART ? "; -m fast does not wait for sessions to end" : ""), e);
        }
        out.println("bgworkerd on " + home.directory() + " has stopped (pid " + pid + ")");
        return 0;
    }

    /** As SIGTERM does it, also when the shell of the host is not there. */
    private static int signal(Home home, ProcessHandle host) {
        if (!host.destroy()) {
            throw new RefusedException("may not stop the bgworkerd on " + home.directory() + " (pid " + host.pid() + ")");
        }
        return 0;
    }

    private int ask(Home home) {
        return new ShellClient(home.directory(), ShellClient.SILENCE).run(
                List.of("bgw:stop", "--mode", mode.name().toLowerCase(Locale.ROOT)),
                new PrintStream(OutputStream.nullOutputStream()), err);
    }
}
