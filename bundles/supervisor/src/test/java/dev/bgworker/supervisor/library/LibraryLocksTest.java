package dev.bgworker.supervisor.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LibraryLocksTest {

    private final LibraryLocks locks = new LibraryLocks();
    private final ExecutorService others = Executors.newFixedThreadPool(4);

    @AfterEach
    void end() { others.shutdownNow(); }

    @Test
    void anotherLibraryIsNotWaitedFor() throws Exception {
        LibraryLocks.Locked mine = locks.lock("a");

        others.submit(() -> locks.lock("b").close()).get();

        assertThat(locks.size()).isEqualTo(1);
        mine.close();
    }

    @Test
    void theHolderMayTakeItAgain() {
        LibraryLocks.Locked outer = locks.lock("a");
        LibraryLocks.Locked inner = locks.lock("a");
        inner.close();
        assertThat(locks.size()).isEqualTo(1);
        outer.close();
        assertThat(locks.size()).isZero();
    }

    @Test
    void nothingIsLeftOfAThousandLibrariesNorOfOneThatManyFightFor() throws Exception {
        int[] counter = {0};
        Future<?>[] all = new Future<?>[4];
        for (int thread = 0; thread < all.length; thread++) {
            all[thread] = others.submit(() -> {
                for (int turn = 0; turn < 1000; turn++) {
                    LibraryLocks.Locked lock = locks.lock("same");
                    counter[0]++;
                    lock.close();
                    locks.lock("library " + turn).close();
                }
            });
        }
        for (Future<?> each : all) {
            each.get();
        }

        assertThat(counter[0]).isEqualTo(4000);
        assertThat(locks.size()).isZero();
    }

    @Test
    void oneThatIsInterruptedWhileItWaitsLeavesNothing() {
        LibraryLocks.Locked mine = locks.lock("a");
        Future<?> waits = others.submit(() -> {
            Thread.currentThread().interrupt();
            return locks.lockInterruptibly("a");
        });

        assertThatThrownBy(waits::get).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(InterruptedException.class);
        mine.close();

        assertThat(locks.size()).isZero();
    }
}
