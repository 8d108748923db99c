package dev.bgworker.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bgworkerd demo}: a host on a fresh home directory with two workers that fold deltas into totals. */
@Command(name = "demo", description = "Runs a host with example workers on a fresh home directory.")
final class DemoCommand implements Callable<Integer> {

    private static final String FOR = "Ends after this time: 500ms, 20s, 2min. Default: with the shell; without terminal 20s.";
    private static final Duration WITHOUT_TERMINAL = Duration.ofSeconds(20);

    @Option(names = "--for", paramLabel = "TIME", converter = DurationConverter.class, description = FOR)
    private Duration time;

    private final Bgworkerd root;
    private final PrintStream out;
    private final PrintStream err;

    DemoCommand(Bgworkerd root, PrintStream out, PrintStream err) {
        this.root = root;
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws Exception {
        Distribution distribution = root.distribution();
        Home home = DemoHome.fresh(root.home(), System.getenv("BGW_DEMO_DIR"));
        Files.createDirectories(home.directory().resolve("etc"));
        Files.copy(distribution.demo().resolve("logback.xml"), home.directory().resolve("etc/logback.xml"),
                StandardCopyOption.REPLACE_EXISTING);
        home.prepare(distribution);
        Path library = deploy(distribution, home);
        boolean interactive = time == null && System.console() != null;
        Duration limit = interactive ? Duration.ZERO : Optional.ofNullable(time).orElse(WITHOUT_TERMINAL);
        new Run(distribution, home, interactive, out, err).run(limit, explain(home, library, interactive, limit));
        return 0;
    }

    /** Drops the example bundles; returns worker_spi. */
    private static Path deploy(Distribution distribution, Home home) throws IOException {
        List<Path> jars;
        try (Stream<Path> files = Files.list(distribution.demo())) {
            jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
        for (Path jar : jars) {
            Files.copy(jar, home.deploy().resolve(jar.getFileName()));
        }
        return jars.stream().map(Path::getFileName).filter(name -> name.toString().startsWith("worker_spi-")).findFirst()
                .orElseThrow(() -> new RefusedException("worker_spi is missing in " + distribution.demo()));
    }

    /** As a shell takes it for one word. */
    static String quoted(String word) {
        return word.matches("[\\w./+:=@-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private static List<String> explain(Home home, Path library, boolean interactive, Duration limit) {
        String program = Optional.ofNullable(System.getenv("BGW_PROGRAM")).orElse("bgworkerd");
        String elsewhere = quoted(program) + " --home " + quoted(home.directory().toString()) + " bgw:list";
        return List.of("Two workers fold deltas into totals: SPI worker 1 in schema1.counted, SPI worker 2 in our schema2.",
                "Home directory: " + home.directory() + ", more is in its log/" + home.log().getFileName(),
                "Move deploy/" + library + " out of it and back in, and see its workers go and come.",
                interactive
                        ? "Try here: bgw:list, bgw:show 'SPI worker 1', bgw:libs, help; exit ends it all."
                        : "Ends in " + limit.toSeconds() + " s. Meanwhile, elsewhere: " + elsewhere);
    }
}
