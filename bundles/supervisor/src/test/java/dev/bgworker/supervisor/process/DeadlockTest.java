package dev.bgworker.supervisor.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.supervisor.process.Waits.Wait;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who waits for whom: data in, data out. */
@Tag("R114")
class DeadlockTest {

    private final Map<Long, Wait> waits = new HashMap<>();
    private final Map<Long, Set<Long>> on = new HashMap<>();

    /** For all of these together, as for a lock that several hold. */
    private DeadlockTest all(long pid, Long... of) {
        return add(pid, false, of);
    }

    /** For one of these, nobody knows which. */
    private DeadlockTest one(long pid, Long... of) { return add(pid, true, of); }

    private DeadlockTest add(long pid, boolean forOne, Long... of) {
        // In this order, by which a cycle is looked for.
        on.put(pid, new LinkedHashSet<>(List.of(of)));
        waits.put(pid, new Wait(pid, "w" + pid, () -> new LinkedHashSet<>(on.get(pid)), forOne));
        return this;
    }

    private Deadlock around(long pid) { return Deadlock.around(waits.get(pid), waits::get); }

    private boolean holds(Deadlock found) { return found.holds(wait -> waits.get(wait.pid()) == wait); }

    @Test
    void aCycleIsToldFromWhoLooked() {
        all(1, 2L).all(2, 3L).all(3, 1L);

        assertThat(around(2).inWords()).contains("Process 2 waits for w2; blocked by process 3.\n"
                + "Process 3 waits for w3; blocked by process 1.\nProcess 1 waits for w1; blocked by process 2.");
        assertThat(holds(around(2))).isTrue();
    }

    @Test
    void whoWaitsForSeveralIsStuckByOneOfThem() {
        all(1, 2L, 7L).all(2, 1L);

        assertThat(around(1).inWords()).isPresent();
        assertThat(around(2).inWords()).isPresent();
    }

    @Test
    void whoWaitsForOneGoesOnWhileOneOfThemDoes() {
        one(1, 2L, 7L).all(2, 1L);
        assertThat(around(1).inWords()).isEmpty();
        assertThat(around(2).inWords()).isEmpty();

        all(7, 2L);
        assertThat(around(1).inWords()).isPresent();
        assertThat(holds(around(1))).isTrue();
    }

    @Test
    void twoWhoWaitForOneEachAreStuckTogether() {
        one(1, 2L).one(2, 1L);

        assertThat(around(1).inWords()).isPresent();
        assertThat(around(2).inWords()).isPresent();
    }

    @Test
    void whoWaitsForOneOfNobodyGoesOn() {
        one(1, 2L, 3L).all(2, 1L).one(3);

        assertThat(around(1).inWords()).isEmpty();
        assertThat(around(2).inWords()).isEmpty();
    }

    @Test
    void whoOnlyWaitsBehindACycleIsNoMemberOfIt() {
        all(1, 2L).all(2, 3L).all(3, 2L).one(4, 3L);

        assertThat(around(1).inWords()).isEmpty();
        assertThat(around(4).inWords()).isEmpty();
        assertThat(around(3).inWords()).isPresent();
    }

    @Test
    void aCycleOfWhichAMemberWaitsAnewDoesNotHold() {
        Deadlock found = one(1, 2L).all(2, 1L).around(1);
        assertThat(holds(found)).isTrue();

        all(2, 1L);
        assertThat(holds(found)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 7})
    void whatItRestsOnBesideTheCycleHasToHoldAsWell(long first) {
        one(1, first, 9L - first).all(2, 1L).all(7, 2L);
        Deadlock found = around(1);

        on.get(7L).clear();
        assertThat(holds(found)).isFalse();

        on.get(7L).add(2L);
        assertThat(holds(found)).isTrue();
        waits.remove(7L);
        assertThat(holds(found)).isFalse();
    }

    @Test
    void oneMoreWhoMayBeTheOneBreaksIt() {
        Deadlock found = one(1, 2L).all(2, 1L).around(1);

        on.get(1L).add(8L);
        assertThat(holds(found)).isFalse();
        on.get(1L).clear();
        assertThat(holds(found)).isFalse();
    }
}
