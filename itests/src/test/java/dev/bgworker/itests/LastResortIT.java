package dev.bgworker.itests;

import static dev.bgworker.itests.Host.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.itests.workers.EndsTheProcess;
import dev.bgworker.itests.workers.HoldsABackend;
import dev.bgworker.itests.workers.Panics;
import dev.bgworker.itests.workers.Spins;
import dev.bgworker.itests.workers.StaysQuietly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.Test;

/** Ends of the program that nobody wishes for, each with its exit status and its words. */
public class LastResortIT {

    private static void drop(Bgworkerd host, Path home, String name, Class<?> worker) throws IOException {
        host.drop(TestBundle.of(name, "1.0.0").annotated("main", worker, Map.of("name", name)).write(home.resolve(name)),
                name + ".jar");
    }

    private static void awaitRunning(Bgworkerd host, String worker) {
        patiently().pollInterval(Duration.ofMillis(100)).until(() -> {
            Bgworkerd.Answer list = host.ask("bgw:list", "--state", "RUNNING");
            return list.status() == 0 && list.text().contains(worker);
        });
    }

    private static String log(Path home) throws IOException { return Files.readString(home.resolve("log/bgworkerd.log")); }

    @Test
    @Proves({"R47", "R54"})
    public void crashEndsTheHostWhenItIsNotToBeRestarted() throws Exception {
        Path home = Homes.fresh("LastResortIT-crash", "restart_after_crash = off");
        try (Bgworkerd host = Bgworkerd.start(home)) {
            drop(host, home, "bystander", StaysQuietly.class);
            awaitRunning(host, "bystander");
            drop(host, home, "panics", Panics.class);

            assertThat(host.awaitEnd()).isLessThan(Duration.ofSeconds(10));
            assertThat(host.status()).isEqualTo(1);
            assertThat(log(home)).contains("\"panics\"", "the test finds its pages corrupted", "restart_after_crash");
        }
    }

    @Test
    @Proves({"R63", "R81", "R87"})
    public void workerThatSpinsIsAbandonedAndNamedAndTheRestGoesOn() throws Exception {
        Path home = Homes.fresh("LastResortIT-spins", "shutdown_timeout = 2s", "bgw_stop_timeout = 1s");
        try (Bgworkerd host = Bgworkerd.start(home)) {
            drop(host, home, "bystander", StaysQuietly.class);
            drop(host, home, "spinner", Spins.class);
            awaitRunning(host, "bystander");
            awaitRunning(host, "spinner");

            assertThat(host.ask("bgw:terminate", "spinner").status()).isZero();
            patiently().until(() -> host.ask("bgw:list").text().contains("ABANDONED"));
            awaitRunning(host, "bystander");
            drop(host, home, "spinner2", Spins.class);
            awaitRunning(host, "spinner2");

            assertThat(host.stop()).isLessThan(Duration.ofSeconds(6));
            assertThat(host.status()).isEqualTo(3);
            assertThat(log(home)).contains("is ABANDONED", "Spins.spin");
            assertThat(log(home).split("is ABANDONED", -1)).hasSize(3);
        }
    }

    @Test
    @Proves("R80")
    public void smartStopWaitsForTheLastBackend() throws Exception {
        Path home = Homes.fresh("LastResortIT-smart");
        try (Bgworkerd host = Bgworkerd.start(home)) {
            drop(host, home, "holder", HoldsABackend.class);
            patiently().until(() -> Files.exists(home.resolve("held")));

            assertThat(host.ask("bgw:stop", "--mode", "smart").status()).isZero();
            patiently().until(() -> log(home).contains("received smart shutdown request"));
            awaitRunning(host, "holder");
            assertThat(host.runs()).isTrue();
            Files.createFile(home.resolve("let go"));

            host.awaitEnd();
            assertThat(host.status()).isZero();
            assertThat(log(home)).containsSubsequence("received smart shutdown request", "received fast shutdown request",
                    "background workers are shut down");
        }
    }

    @Test
    @Proves("R84")
    public void immediateStopOvertakesASmartOne() throws Exception {
        Path home = Homes.fresh("LastResortIT-immediate");
        try (Bgworkerd host = Bgworkerd.start(home)) {
            drop(host, home, "holder", HoldsABackend.class);
            patiently().until(() -> Files.exists(home.resolve("held")));
            host.ask("bgw:stop", "--mode", "smart");
            patiently().until(() -> log(home).contains("received smart shutdown request"));

            host.ask("bgw:stop", "--mode", "immediate");

            assertThat(host.awaitEnd()).isLessThan(Duration.ofSeconds(8));
            assertThat(log(home)).contains("received immediate shutdown request");
        }
    }

    @Test
    @Proves("R52")
    public void systemExitInAWorkerIsAFastShutdownOfTheOthers() throws Exception {
        Path home = Homes.fresh("LastResortIT-exit");
        try (Bgworkerd host = Bgworkerd.start(home)) {
            drop(host, home, "bystander", StaysQuietly.class);
            awaitRunning(host, "bystander");
            drop(host, home, "exits", EndsTheProcess.class);

            assertThat(host.awaitEnd()).isLessThan(Duration.ofSeconds(10));
            assertThat(log(home)).contains("exits", "System.exit", "EndsTheProcess.main",
                    "background workers are shut down");
        }
    }
}
