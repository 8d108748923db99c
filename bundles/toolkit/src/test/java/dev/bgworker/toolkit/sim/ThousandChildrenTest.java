package dev.bgworker.toolkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.toolkit.WorkerSet;
import dev.bgworker.toolkit.WorkerSet.Strategy;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A set of a thousand, over the real decisions of the supervisor. */
class ThousandChildrenTest {

    private static final int ROUNDS = 2_000;

    private final List<String> keys = IntStream.range(0, 1_000).mapToObj(key -> "k" + key).toList();
    private final Map<String, BackgroundWorker> definitions = keys.stream().collect(Collectors.toMap(Function.identity(),
            key -> BackgroundWorker.builder(key, VirtualHost.LIBRARY, "main").flags(Set.of()).build()));

    @Test
    void aKeepThatChangesNothingAllocatesLittle() {
        Dice dice = new Dice(1);
        Plan plan = new Plan(2_000, Plan.NO_LIMIT, Strategy.ONE_FOR_ONE, Integer.MAX_VALUE, Duration.ofSeconds(1),
                Duration.ofSeconds(5));
        VirtualHost host = new VirtualHost(dice, new Trace(false), new Watch(plan, new Wanted(dice)) {
            @Override
            void registers(BackgroundWorker definition) {}

            @Override
            void registered(VirtualWorker worker) {}
        }, () -> {});
        host.calm = true;
        host.step("slots", () -> host.supervision.settings(VirtualHost.limits(2_000)));
        WorkerSet<String> set = WorkerSet.of(new VirtualOwner(host, () -> {}), host, definitions::get);

        set.keep(keys);
        Instant until = host.now().plusSeconds(10);
        while (host.now().isBefore(until)) {
            host.turn(until);
        }
        set.keep(keys);

        assertThat(host.registered()).hasSize(1_000).allMatch(each -> each.state() == State.RUNNING);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        IntStream.range(0, ROUNDS).forEach(round -> set.keep(keys));
        long before = threads.getCurrentThreadAllocatedBytes();
        IntStream.range(0, ROUNDS).forEach(round -> set.keep(keys));

        assertThat((threads.getCurrentThreadAllocatedBytes() - before) / ROUNDS).isLessThan(4 * 1_024);
        assertThat(set.nextDue()).isEmpty();
    }
}
