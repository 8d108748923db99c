package dev.bgworker.launcher;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line of {@code bgworkerd}. */
@Command(name = "bgworkerd", mixinStandardHelpOptions = true, versionProvider = Versions.class, scope = ScopeType.INHERIT)
final class Bgworkerd implements Runnable {

    private static final String HOME = "Directory with etc, deploy, lib, data, run, log. Default: the distribution's.";
    private static final String[] FOOTER = {"", "bgw:COMMAND gives a command to the host that runs on the home directory:",
            "  bgworkerd bgw:list", "  bgworkerd --home DIR bgw:list",
            "A host that is silent for 30 s is given up, unless --wait stands before the command.",
            "",
            "bgworkerd archive makes a class-data archive for this JVM: later starts are quicker.", "",
            "Environment: BGW_HOME is the default of --home, JAVA_HOME chooses the JVM, BGW_JAVA_OPTS goes to it."};

    @Option(names = "--home", paramLabel = "DIR", scope = ScopeType.INHERIT, description = HOME)
    private String home;

    @Spec
    private CommandSpec spec;

    private final Distribution distribution;

    private Bgworkerd(Distribution distribution) { this.distribution = distribution; }

    static int execute(Path distribution, String[] args, PrintStream out, PrintStream err) {
        Bgworkerd root = new Bgworkerd(new Distribution(distribution));
        CommandLine line = new CommandLine(root);
        line.addSubcommand(new StartCommand(root, out, err));
        line.addSubcommand(new StopCommand(root, out, err));
        line.addSubcommand(new PromoteCommand(root, out, err));
        line.addSubcommand(new DemoCommand(root, out, err));
        line.getCommandSpec().usageMessage().header("PostgreSQL's background workers for the JVM.").footer(FOOTER)
                .synopsisSubcommandLabel("(start | stop | promote | demo | bgw:COMMAND)");
        line.registerConverter(Duration.class, new DurationConverter());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            if (e instanceof RefusedException || e instanceof InvalidPathException) {
                err.println("bgworkerd: "
                        + (e instanceof InvalidPathException path ? RefusedException.of(path) : e).getMessage());
                return 1;
            }
            throw e;
        });
        return line.execute(args);
    }

    @Override
    public void run() { throw new ParameterException(spec.commandLine(), "Say what to do."); }

    Distribution distribution() { return distribution; }

    /** The directory of {@code --home}, or null. */
    Path home() {
        return home == null ? null : Path.of(home).toAbsolutePath().normalize();
    }

    Home homeOrDefault() { return new Home(home == null ? Home.defaultDirectory(distribution.directory()) : home()); }
}
