package dev.bgworker.itests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.itests.workers.Busy;
import dev.bgworker.itests.workers.TakesASecond;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The real program, used from outside: socket, signals, and what is in the database afterwards. */
public class ShutdownIT {

    private static final Logger LOG = LoggerFactory.getLogger(ShutdownIT.class);
    private static final Path DISTRIBUTION = Path.of(System.getProperty("distribution"));
    /** How names fold is no property of the file. */
    private static final String OPENER = ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE";
    private static final Pattern RUNNING = Pattern.compile("\\bRUNNING\\b");

    @Test
    @Proves({"R81", "R82"})
    public void hostIsAskedThroughItsSocketAndEndsOnSigtermWithAllData() throws Exception {
        Path home = Homes.fresh("ShutdownIT-sigterm");
        try (Bgworkerd host = Bgworkerd.start(home)) {
            dropDemo(host);
            awaitRunning(host, 3);
            awaitTotal(host, 20);
            assertThat(host.ask("bgw:show", "SPI worker 1").text()).contains("worker_spi_main");
            assertThat(host.ask("bgw:show", "nobody").status()).isEqualTo(3);

            Bgworkerd.Answer second = Bgworkerd.call("start", "--home", home.toString());
            assertThat(second.status()).isEqualTo(1);
            assertThat(second.text()).contains("already running", "pid " + host.pid());

            assertThat(host.stop()).isLessThan(Duration.ofSeconds(5));
            assertThat(host.status()).isZero();
        }
        assertNothingIsLost(home);
        assertThat(Bgworkerd.call("--home", home.toString(), "bgw:list").status()).isEqualTo(1);
    }

    @Test
    public void kill9InTheMiddleOfFoldingLosesNothingThatWasCommitted() throws Exception {
        Path home = Homes.fresh("ShutdownIT-kill9", "worker_spi.naptime = 1");
        long committed;
        try (Bgworkerd host = Bgworkerd.start(home)) {
            dropDemo(host);
            host.drop(TestBundle.of("busy", "1.0.0").annotated("main", Busy.class, Map.of("name", "busy"))
                    .write(home.resolve("busy")), "busy.jar");
            awaitTotal(host, 5);
            awaitRounds(home, 100);
            host.kill();
        }
        committed = rounds(home);
        long before = assertNothingIsLost(home);
        assertThat(busy(home) % 5).isZero();
        assertThat(busy(home) / 5).isBetween(committed, committed + 1);

        try (Bgworkerd host = Bgworkerd.start(home)) {
            awaitTotal(host, (int) before + 5);
            awaitRounds(home, committed + 100);
            assertThat(host.stop()).isLessThan(Duration.ofSeconds(5));
            assertThat(host.status()).isZero();
        }
        assertThat(assertNothingIsLost(home)).isGreaterThan(before);
        assertThat(busy(home) / 5).isBetween(rounds(home), rounds(home) + 1);
    }

    private static void awaitRounds(Path home, long least) { Host.patiently().until(() -> rounds(home) >= least); }

    private static long rounds(Path home) throws IOException {
        Path file = home.resolve("acknowledged");
        return Files.exists(file) && Files.size(file) == Long.BYTES
                ? ByteBuffer.wrap(Files.readAllBytes(file)).getLong()
                : 0;
    }

    private static long busy(Path home) throws IOException, SQLException {
        try (Connection connection = open(home)) {
            long sum = sum(connection, "\"busy\"");
            shutdown(connection);
            return sum;
        }
    }

    @Test
    @Proves("R81")
    public void twentyWorkersThatNeedASecondEachAreGoneInUnderThree() throws Exception {
        Path home = Homes.fresh("ShutdownIT-twenty", "max_worker_processes = 20");
        try (Bgworkerd host = Bgworkerd.start(home)) {
            for (int library = 1; library <= 10; library++) {
                String name = "seconds" + library;
                host.drop(TestBundle.of(name, "1.0.0").annotated("one", TakesASecond.class, Map.of("name", name + " a"))
                        .annotated("two", TakesASecond.class, Map.of("name", name + " b")).write(home.resolve(name)),
                        name + ".jar");
            }
            awaitRunning(host, 20);

            Duration took = host.stop();
            LOG.warn("twenty workers that need a second each: {} ms from SIGTERM to the end", took.toMillis());
            assertThat(took).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(3));
            assertThat(host.status()).isZero();
        }
    }

    @Test
    public void demoWithoutATerminalEndsByItself() throws Exception {
        Path home = Homes.fresh("ShutdownIT-demo");
        Homes.delete(home);
        Bgworkerd.Answer demo = Bgworkerd.call("demo", "--for", "3s", "--home", home.toString());

        assertThat(demo.status()).as(demo.text()).isZero();
        assertThat(demo.text()).contains("ready in");
        assertNothingIsLost(home);
    }

    private static void dropDemo(Bgworkerd host) throws IOException {
        try (Stream<Path> jars = Files.list(DISTRIBUTION.resolve("demo"))) {
            for (Path jar : jars.filter(each -> each.toString().endsWith(".jar")).toList()) {
                host.drop(jar, jar.getFileName().toString());
            }
        }
    }

    private static void awaitRunning(Bgworkerd host, int workers) {
        Host.patiently().pollInterval(Duration.ofMillis(200)).until(() -> {
            Bgworkerd.Answer list = host.ask("bgw:list");
            return list.status() == 0 && RUNNING.matcher(list.text()).results().count() == workers;
        });
    }

    /** The log says it: worker_spi tells each total, and nothing else does from outside. */
    private static void awaitTotal(Bgworkerd host, int least) {
        Pattern folded = Pattern.compile("count in \"schema1\".\"counted\" is now (\\d+)");
        Host.patiently().until(() -> folded.matcher(host.output()).results()
                .anyMatch(each -> Integer.parseInt(each.group(1)) >= least));
    }

    /**
     * Opens the database without a host. The demo inserts 1 + 4 and 3 + 7 in one transaction, so totals and deltas together
     * are 5 and 10 for each; returns the sum of the first.
     */
    private static long assertNothingIsLost(Path home) throws IOException, SQLException {
        try (Connection connection = open(home)) {
            long first = sum(connection, "\"schema1\".\"counted\"");
            long second = sum(connection, "\"our schema2\".\"counted rows\"");
            shutdown(connection);
            assertThat(first).isPositive();
            assertThat(first % 5).isZero();
            assertThat(second).isEqualTo(2 * first);
            return first;
        }
    }

    private static Connection open(Path home) throws IOException, SQLException {
        String password = Files.readString(home.resolve("data/control/postgres"));
        String url = "jdbc:h2:async:" + home.resolve("data/base/postgres") + ";IFEXISTS=TRUE" + OPENER;
        return DriverManager.getConnection(url, "ADMIN", password);
    }

    /** Without it the database would stay open here: its DB_CLOSE_DELAY is stored in it. */
    private static void shutdown(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SHUTDOWN");
        }
    }

    private static long sum(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT SUM(\"value\") FROM " + table)) {
            row.next();
            return row.getLong(1);
        }
    }
}
