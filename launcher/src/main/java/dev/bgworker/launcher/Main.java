package dev.bgworker.launcher;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Entry point: a command of the shell goes to the running host, all else to {@link Bgworkerd}.
 *
 * <p>The first way loads neither picocli nor Felix, so that {@code bgworkerd bgw:list} costs little more than a JVM.
 */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        int status;
        try {
            status = run(args, out, err);
        } catch (RefusedException e) {
            err.println("bgworkerd: " + e.getMessage());
            status = 1;
        }
        out.flush();
        System.exit(status);
    }

    private static int run(String[] args, PrintStream out, PrintStream err) {
        Path distribution = Distribution.ofThisJar();
        int command = indexOfShellCommand(args);
        if (command < 0) {
            return Bgworkerd.execute(distribution, args, out, err);
        }
        Path home = command == 0 ? Home.defaultDirectory(distribution) : Path.of(homeOf(args)).toAbsolutePath().normalize();
        List<String> words = Arrays.asList(args).subList(command, args.length);
        return new ShellClient(home).run(words, out, err);
    }

    /** Where a word {@code bgw:...} stands first, or first after {@code --home DIR}; -1 if there is none. */
    static int indexOfShellCommand(String... args) {
        int at = 0;
        if (args.length > 0 && args[0].equals("--home")) {
            at = 2;
        } else if (args.length > 0 && args[0].startsWith("--home=")) {
            at = 1;
        }
        return at < args.length && args[at].startsWith("bgw:") ? at : -1;
    }

    private static String homeOf(String... args) {
        return args[0].equals("--home") ? args[1] : args[0].substring("--home=".length());
    }
}
