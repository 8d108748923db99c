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
import org.junit.jupiter.api.TestFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class ScheduleTest {

    static final List<String> SCENARIOS = List.of("LatchWait", "TwoExclusive", "ThreeExclusive", "SharersAndOne",
            "WakePolicy", "QuitInLine", "FencedTaker", "SignalledOnLatch", "SignalledBesideLatch",
            "Signals", "Broadcasts", "CancelledSleep", "FencedSleeper", "BarrierPhases",
            "Messages", "MessagesWithoutWaiting", "ReceiverGoes", "FencedSender");

    private static final Logger LOG = LoggerFactory.getLogger(ScheduleTest.class);
    private static final long NANOS = TimeUnit.SECONDS.toNanos(Integer.getInteger("schedules.seconds", 10));

    private final ExecutorService threads = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());

    @AfterEach
    void end() { threads.shutdownNow(); }

    @TestFactory
    Stream<DynamicTest> whateverTheScheduleItHolds() {
        return SCENARIOS.stream().map(each -> {
            CompletableFuture<Campaign.Result> result = CompletableFuture.supplyAsync(() -> play(each), threads);
            return DynamicTest.dynamicTest(each, () -> assertThat(result.join().failure()).isNull());
        }).toList().stream();
    }

    private static Campaign.Result play(String scenario) {
        long start = System.nanoTime();
        try {
            Campaign.Result result = new Campaign(scenario, null, false).exhaustive(Integer.getInteger("schedules.more", 0),
                    NANOS);
            LOG.info("{}: {} schedules, {}, {} ms", scenario, result.schedules(), result.all() ? "all" : "not all",
                    (System.nanoTime() - start) / 1_000_000);
            return result;
        } catch (Exception e) { // the test fails with it
            throw new IllegalStateException(scenario, e);
        }
    }
}
