package dev.bgworker.supervisor.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
            Turns<String> turns = new Turns<>(threads);
            List<Integer> order = new ArrayList<>();
            AtomicInteger inside = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            CountDownLatch all = new CountDownLatch(1000);
            for (int i = 0; i < 1000; i++) {
                int mine = i;
                turns.add("a", () -> {
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
        Turns<String> turns = new Turns<>(given::add);
        List<String> ran = new ArrayList<>();
        turns.add("a", () -> {
            throw new NoClassDefFoundError("gone");
        });
        turns.add("a", () -> ran.add("second"));
        assertThat(given).hasSize(1);
        given.remove().run();
        assertThat(ran).containsExactly("second");

        turns.add("a", () -> ran.add("third"));
        given.remove().run();

        assertThat(ran).containsExactly("second", "third");
    }

    @Test
    void keysDoNotWaitForOneAnotherAndOneWithNothingToDoIsForgotten() {
        Deque<Runnable> given = new ArrayDeque<>();
        Turns<Integer> turns = new Turns<>(given::add);
        List<Integer> ran = new ArrayList<>();
        for (int key = 0; key < 1000; key++) {
            int mine = key;
            turns.add(mine, () -> ran.add(mine));
            turns.add(mine, () -> ran.add(mine));
        }
        assertThat(given).hasSize(1000);
        assertThat(turns.size()).isEqualTo(1000);

        given.removeLast().run();
        assertThat(ran).containsExactly(999, 999);
        given.forEach(Runnable::run);

        assertThat(ran).hasSize(2000);
        assertThat(turns.size()).isZero();
    }

    @Test
    void aStepThatFoundNoThreadIsTakenWithTheNextOne() {
        Deque<Runnable> given = new ArrayDeque<>();
        AtomicInteger refusals = new AtomicInteger(1);
        Turns<String> turns = new Turns<>(step -> {
            if (refusals.getAndDecrement() > 0) {
                throw new OutOfMemoryError("no thread");
            }
            given.add(step);
        });
        List<String> ran = new ArrayList<>();

        assertThatThrownBy(() -> turns.add("a", () -> ran.add("first"))).isInstanceOf(OutOfMemoryError.class);
        turns.add("a", () -> ran.add("second"));
        given.remove().run();

        assertThat(ran).containsExactly("first", "second");
    }
}
