package dev.bgworker.launcher;

import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Entry point: a command of the shell goes to the running host, all else to {@link Bgworkerd}.
 *
 * <p>The first way loads neither picocli nor Felix, so that {@code bgworkerd bgw:list} costs little more than a JVM.
 */
public final class Main {

    private static final int MISUSE = 2;

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
        } catch (InvalidPathException e) {
            err.println("bgworkerd: " + RefusedException.of(e).getMessage());
            status = 1;
        }
        out.flush();
        System.exit(status);
    }

    private static int run(String[] args, PrintStream out, PrintStream err) {
        Path distribution = Distribution.ofThisJar();
        Optional<ShellCommandLine> line = ShellCommandLine.parse(args);
        if (line.isEmpty()) {
            return Bgworkerd.execute(distribution, args, out, err);
        }
        ShellCommandLine shell = line.get();
        if (shell.misplaced().isPresent()) {
            err.println("bgworkerd: " + shell.misplaced().get() + " stands before the command: bgworkerd --home DIR "
                    + shell.words().get(0) + " ...");
            return MISUSE;
        }
        Path home = shell.home() == null
                ? Home.defaultDirectory(distribution)
                : Path.of(shell.home()).toAbsolutePath().normalize();
        return new ShellClient(home, shell.patient() ? null : ShellClient.SILENCE).run(shell.words(), out, err);
    }
}
