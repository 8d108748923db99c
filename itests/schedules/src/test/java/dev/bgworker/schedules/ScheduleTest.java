package dev.bgworker.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All schedules of each scenario up to its bound, then some by chance, with wake-ups for no reason among them. */
class ScheduleTest {

    static final List<String> SCENARIOS = List.of("LatchWait", "TwoExclusive", "ThreeExclusive", "SharersAndOne",
            "WakePolicy", "QuitInLine", "FencedTaker", "SignalledOnLatch", "SignalledBesideLatch",
            "Signals", "Broadcasts", "CancelledSleep", "FencedSleeper", "BarrierPhases",
            "Messages", "ReadInPlace", "MessagesWithoutWaiting", "ReceiverGoes", "FencedSender");

    private static final Logger LOG = LoggerFactory.getLogger(ScheduleTest.class);
    private static final long NANOS = TimeUnit.SECONDS.toNanos(Integer.getInteger("schedules.seconds", 10));
    private static final int MORE = Integer.getInteger("schedules.more", 0);
    private static final long FIRST_SEED = Long.getLong("schedules.seed", 1);

    private final ExecutorService threads = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());

    @AfterEach
    void end() { threads.shutdownNow(); }

    @Tag("R47")
    @Tag("R138")
    @Tag("R140")
    @Tag("R147")
    @Tag("R152")
    @Tag("R153")
    @Tag("R154")
    @Tag("R155")
    @Tag("R157")
    @Tag("R161")
    @Tag("R162")
    @Tag("R163")
    @TestFactory
    Stream<DynamicTest> whateverTheScheduleItHolds() {
        return SCENARIOS.stream().map(each -> {
            CompletableFuture<Throwable> result = CompletableFuture.supplyAsync(() -> play(each), threads);
            return DynamicTest.dynamicTest(each, () -> assertThat(result.join()).isNull());
        }).toList().stream();
    }

    private static Throwable play(String scenario) {
        long start = System.nanoTime();
        try {
            Campaign.Result all = new Campaign(scenario, null, false).exhaustive(MORE, NANOS);
            if (all.failure() != null) {
                return all.failure();
            }
            Campaign.Result some = new Campaign(scenario, null, true).byChance(FIRST_SEED, NANOS / 20);
            LOG.info("{}: {} schedules, {}; {} by chance; {} ms", scenario, all.schedules(), all.all() ? "all" : "not all",
                    some.schedules(), (System.nanoTime() - start) / 1_000_000);
            return some.failure();
        } catch (Exception e) { // the test fails with it
            throw new IllegalStateException(scenario, e);
        }
    }
}
