package dev.bgworker.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The program {@code bgworkerd} of the distribution in a process of its own, without a terminal. */
final class Bgworkerd implements AutoCloseable {

    /** What a call said, both outputs in one. */
    record Answer(int status, String text) {}

    private static final Pattern READY = Pattern.compile("(?m)^bgworkerd \\S+ ready in \\d+ ms$");
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private final Path home;
    private final Path output;
    private final Process process;

    private Bgworkerd(Path home, Path output, Process process) {
        this.home = home;
        this.output = output;
        this.process = process;
    }

    /** A host on that home directory, ready. */
    static Bgworkerd start(Path home) throws IOException {
        Path output = Files.createTempFile(home, "output", ".txt");
        Bgworkerd host = new Bgworkerd(home, output, launch(output, "start", "--home", home.toString()));
        Host.patiently().until(() -> READY.matcher(host.output()).find() || !host.process.isAlive());
        if (!host.process.isAlive()) {
            throw new IllegalStateException(Files.readString(output));
        }
        return host;
    }

    private static Process launch(Path output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("distribution"), "bin", "bgworkerd").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectInput(new java.io.File("/dev/null")).redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("BGW_HOME");
        return builder.start();
    }

    /** Runs it to its end. */
    static Answer call(String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile("bgworkerd", ".txt");
        try {
            Process call = launch(output, arguments);
            if (!call.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                call.destroyForcibly();
                throw new IllegalStateException("no end of " + List.of(arguments) + ": " + Files.readString(output));
            }
            return new Answer(call.exitValue(), Files.readString(output));
        } finally {
            Files.delete(output);
        }
    }

    /** Gives a command to this host through its socket. */
    Answer ask(String... words) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("--home", home.toString()));
        arguments.addAll(List.of(words));
        return call(arguments.toArray(String[]::new));
    }

    void drop(Path jar, String name) throws IOException {
        Path beside = Files.copy(jar, home.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        Files.move(beside, home.resolve("deploy").resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** What it printed so far. */
    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() { return process.pid(); }

    /** SIGTERM; how long it took to end. */
    Duration stop() throws InterruptedException {
        long start = System.nanoTime();
        process.destroy();
        if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("still there " + LONGEST.toSeconds() + " s after SIGTERM");
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Waits for an end that somebody else asked for; how long that took. */
    Duration awaitEnd() throws InterruptedException {
        long start = System.nanoTime();
        if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("still there after " + LONGEST.toSeconds() + " s: " + output());
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    boolean runs() { return process.isAlive(); }

    /** SIGKILL. */
    void kill() throws InterruptedException { process.destroyForcibly().waitFor(); }

    int status() { return process.exitValue(); }

    /** Leaves no process behind, whatever the test came to. */
    @Override
    public void close() { process.destroyForcibly(); }
}
