package dev.bgworker.itests.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.itests.Proves;
import dev.bgworker.itests.SpiHost;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

/** {@code kill -9} at a random commit, again and again on the same data directory. */
public class KillTest {

    private static final int ROUNDS = Integer.getInteger("kill.rounds", 3);
    private static final int MOST_COMMITS = 2000;

    @Rule
    public final Timeout timeout = Timeout.seconds(60 + 20 * ROUNDS);
    @Rule
    public final TemporaryFolder data = new TemporaryFolder();
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final Set<Long> ledger = new HashSet<>();
    private long last;

    @Test
    @Proves({"R203", "R83"})
    public void nothingAcknowledgedIsLostNothingIsHalfThereAndNoTableIsDamaged() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            killAndCompare("durable", MOST_COMMITS);
        }
    }

    @Test
    @Proves({"R203", "R83"})
    public void theSameWithCommitsThatAreForcedToTheDisk() throws Exception { killAndCompare("fsync", MOST_COMMITS / 3); }

    /**
     * The engine uses space again that has been free for the retention time. A commit that lies there must be found after a
     * kill, and after the next one on top of it.
     */
    @Test
    @Proves({"R203", "R83"})
    public void nothingIsLostOfADatabaseThatIsSeldomWrittenTo() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            kill("durable", 2 + round % 2, "-Dworkers=1", "-Dretention=100ms", "-Dpause=200");
            last = ledger.stream().mapToLong(Long::longValue).max().orElse(last) + 1;
        }
        SpiHost host = SpiHost.start(data.getRoot().toPath(), State.RECOVERY_FINISHED);
        assertThat(host.numbers("SELECT id FROM one_half")).containsAll(ledger);
        host.shutdown(State.FAST_SHUTDOWN);
    }

    private void killAndCompare(String durability, int mostCommits) throws Exception {
        int commits = 1 + random.nextInt(mostCommits);
        String when = "seed " + seed + ", killed at commit " + commits + " after " + ledger.size();
        kill(durability, commits);
        SpiHost host = SpiHost.start(data.getRoot().toPath(), State.RECOVERY_FINISHED);
        assertWhole(host, when);
        host.shutdown(State.FAST_SHUTDOWN);
        assertThat(Files.readString(data.getRoot().toPath().resolve("global/pg_control"))).as(when)
                .contains("state=shut down").doesNotContain("damaged");
    }

    /** What it wrote before it died is read to its end. */
    private void kill(String durability, int commits, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-classpath",
                        System.getProperty("java.class.path"), "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
        command.addAll(List.of(options));
        command.addAll(List.of(CommittingHost.class.getName(), data.getRoot().toString(), durability, Long.toString(last)));
        Process child = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader acknowledged = child.inputReader(StandardCharsets.US_ASCII)) {
            int read = 0;
            for (String line = acknowledged.readLine(); line != null; line = acknowledged.readLine()) {
                ledger.add(Long.parseLong(line));
                if (++read == commits) {
                    // Not by the Process, which would close the pipe that is still to be read.
                    child.toHandle().destroyForcibly();
                }
            }
            assertThat(read).as("commits before it died").isGreaterThanOrEqualTo(commits);
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    private void assertWhole(SpiHost host, String when) throws SQLException {
        Set<Long> found = host.numbers("SELECT id FROM one_half");
        assertThat(found).as(when).containsAll(ledger);
        assertThat(host.numbers("SELECT id FROM other_half")).as(when).isEqualTo(found);
        assertThat(host.number("SELECT SUM(n) FROM totals")).as(when).isEqualTo(found.size());
        ledger.addAll(found);
        last = found.stream().mapToLong(Long::longValue).max().orElse(last);
    }
}
