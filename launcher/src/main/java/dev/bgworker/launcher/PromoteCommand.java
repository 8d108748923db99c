package dev.bgworker.launcher;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bgworkerd promote}, the counterpart of {@code pg_ctl promote}: ends standby mode and waits for it. */
@Command(name = "promote", description = "Ends standby mode of the host that runs on the home directory.")
final class PromoteCommand implements Callable<Integer> {

    private static final String TIMES = "How long to wait: 20s, 2min; default: 60s.";

    @Option(names = {"-t", "--timeout"}, paramLabel = "TIME", defaultValue = "60s", description = TIMES)
    private Duration limit;

    private final Bgworkerd root;
    private final PrintStream out;
    private final PrintStream err;

    PromoteCommand(Bgworkerd root, PrintStream out, PrintStream err) {
        this.root = root;
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() {
        return new ShellClient(root.homeOrDefault().directory(), limit.plus(ShellClient.SILENCE))
                .run(List.of("bgw:promote", "--wait", limit.toMillis() + "ms"), out, err);
    }
}
