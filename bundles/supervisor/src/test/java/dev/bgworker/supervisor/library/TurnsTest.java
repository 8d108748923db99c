package dev.bgworker.supervisor.library;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TurnsTest {

    @Test
    void stepsRunOneAfterTheOtherInTheOrderGiven() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Turns turns = new Turns(threads);
            List<Integer> order = new ArrayList<>();
            AtomicInteger inside = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            CountDownLatch all = new CountDownLatch(1000);
            for (int i = 0; i < 1000; i++) {
                int mine = i;
                turns.add(() -> {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    order.add(mine);
                    inside.decrementAndGet();
                    all.countDown();
                });
            }

            assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(most).hasValue(1);
            assertThat(order).isSorted().hasSize(1000);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aStepThatFailsCostsNoneOfTheOthersAndNoThreadIsHeldBetween() {
        Deque<Runnable> given = new ArrayDeque<>();
        Turns turns = new Turns(given::add);
        List<String> ran = new ArrayList<>();
        turns.add(() -> {
            throw new NoClassDefFoundError("gone");
        });
        turns.add(() -> ran.add("second"));
        assertThat(given).hasSize(1);
        given.remove().run();
        assertThat(ran).containsExactly("second");

        turns.add(() -> ran.add("third"));
        given.remove().run();

        assertThat(ran).containsExactly("second", "third");
    }
}
