package dev.bgworker.ipc.lwlock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.ipc.LWLock;
import dev.bgworker.ipc.lwlock.WaitList.Waiter;
import dev.bgworker.ipc.memory.Bytes;
import dev.bgworker.ipc.memory.Epoch;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whom a release wakes. */
class WaitListTest {

    private final Epoch epoch = new Epoch(0);
    private final WaitList list = new WaitList(Bytes.allocate(LWLock.SIZE), 0);

    private Waiter join(boolean exclusive) { return list.join(new StubProc(epoch), exclusive); }

    private List<Waiter> woken(Waiter... all) {
        list.wakeUp();
        return List.of(all).stream().filter(Waiter::woken).toList();
    }

    @Test
    @Tag("R140")
    void allWhoShareAreWokenWhenOneOfThemIsTheOldest() {
        Waiter firstShared = join(false);
        Waiter exclusive = join(true);
        Waiter secondShared = join(false);

        assertThat(woken(firstShared, exclusive, secondShared)).containsExactly(firstShared, secondShared);
        assertThat(list.waiting()).containsExactly(exclusive);
    }

    @Test
    @Tag("R140")
    void whoWantsItAloneIsWokenAloneWhenItIsTheOldest() {
        Waiter first = join(true);
        Waiter shared = join(false);
        Waiter second = join(true);

        assertThat(woken(first, shared, second)).containsExactly(first);
        assertThat(list.waiting()).containsExactly(shared, second);
    }
}
