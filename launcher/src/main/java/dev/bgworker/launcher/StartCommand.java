package dev.bgworker.launcher;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code bgworkerd start}: the host in the foreground, with the shell if there is a terminal. */
@Command(name = "start", description = "Runs the host in the foreground.")
final class StartCommand implements Callable<Integer> {

    private final Bgworkerd root;
    private final PrintStream out;
    private final PrintStream err;

    StartCommand(Bgworkerd root, PrintStream out, PrintStream err) {
        this.root = root;
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws Exception {
        Distribution distribution = root.distribution();
        Home home = root.homeOrDefault();
        home.prepare(distribution);
        new Run(distribution, home, System.console() != null, out, err).run(Duration.ZERO, List.of());
        return 0;
    }
}
