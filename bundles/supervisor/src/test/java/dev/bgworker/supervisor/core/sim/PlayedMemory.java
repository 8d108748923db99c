package dev.bgworker.supervisor.core.sim;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What threads do with shared memory: they take locks, wait for them, get stuck with them, and send messages. Who has a lock
 * or waits for one hears no TERM until that is over, since interrupts are held; who waits hears QUIT.
 */
final class PlayedMemory {

    private static final int LOCKS = 2;
    private static final Duration SOON = Duration.ofMillis(20);

    private final VirtualLoop loop;
    private final Dice dice;
    private final ExpectedMemory memory;
    private final Map<Long, PlayedThread> alive;
    private final PlayedThreads threads;
    private boolean calm;

    PlayedMemory(VirtualLoop loop, Map<Long, PlayedThread> alive, PlayedThreads threads) {
        this.loop = loop;
        this.dice = loop.dice;
        this.memory = loop.model.reset.memory;
        this.alive = alive;
        this.threads = threads;
    }

    /** It has entered its main. */
    void begins(PlayedThread thread) {
        if (thread.shmem && dice.chance(loop.chances.usesMemory())) {
            threads.after(dice.upTo(dice.one(SOON, SOON, Duration.ofSeconds(5))), thread,
                    () -> uses(thread));
        }
    }

    private void uses(PlayedThread thread) {
        if (thread.givenUp || calm || thread.lock >= 0) {
            return; // fenced: each call throws
        }
        Broken.unless(thread.epoch == loop.model.reset.epoch(), Rule.PRESENT_EPOCH,
                () -> thread + " of epoch " + thread.epoch + " runs in epoch " + loop.model.reset.epoch());
        if (dice.chance(0.2)) {
            memory.beginsMessage(thread.pid);
            threads.after(howLong(), thread, () -> {
                if (!thread.givenUp) {
                    memory.finishesMessage(thread.pid);
                    begins(thread);
                }
            });
            return;
        }
        thread.lock = dice.below(LOCKS);
        loop.trace.event(loop.now(), thread + " wants lock " + thread.lock);
        if (memory.takes(thread.lock, thread.pid)) {
            has(thread);
        }
    }

    private void has(PlayedThread thread) {
        loop.trace.event(loop.now(), thread + " has lock " + thread.lock);
        if (calm || !dice.chance(loop.chances.stuck())) {
            threads.after(calm ? SOON : howLong(), thread, () -> gives(thread));
        }
    }

    private Duration howLong() { return dice.upTo(dice.one(SOON, SOON, Duration.ofSeconds(3), Duration.ofSeconds(60))); }

    private void gives(PlayedThread thread) {
        if (thread.lock >= 0 && memory.holds(thread.lock, thread.pid)) {
            loop.trace.event(loop.now(), thread + " gives lock " + thread.lock);
            leavesLine(thread);
            if (thread.leavesWith >= 0) {
                threads.goes(thread, thread.leavesWith);
            } else {
                begins(thread);
            }
        }
    }

    private void leavesLine(PlayedThread thread) {
        int lock = thread.lock;
        thread.lock = -1;
        memory.gives(lock, thread.pid).ifPresent(next -> has(alive.get(next)));
    }

    boolean waits(PlayedThread thread) { return thread.lock >= 0 && !memory.holds(thread.lock, thread.pid); }

    /** What it has stays so until the reset; it waits no more. True when it has something. */
    boolean fenced(PlayedThread thread) {
        if (waits(thread)) {
            leavesLine(thread);
        }
        return memory.has(thread.pid);
    }

    /** Its exit gives back what it has, unless it is a crash: then that stays as it is until the reset. */
    void ended(PlayedThread thread, boolean crash) {
        if (thread.epoch == loop.model.reset.epoch() && (!crash || waits(thread))) {
            memory.finishesMessage(thread.pid);
            if (thread.lock >= 0) {
                leavesLine(thread);
            }
        }
    }

    /** A new epoch begins. */
    void rebuilt() {
        for (PlayedThread each : alive.values()) {
            Broken.unless(!each.shmem || each.givenUp, Rule.PRESENT_EPOCH, () -> each + " is there while memory is rebuilt");
        }
    }

    /** Who has something gives it back from now on. */
    void heal(Collection<PlayedThread> all) {
        calm = true;
        for (PlayedThread each : List.copyOf(all)) {
            if (each.lock >= 0 && !each.givenUp && !waits(each)) {
                threads.after(SOON, each, () -> gives(each));
            }
        }
    }

    /** When all faults are over. */
    void converged() {
        for (PlayedThread each : alive.values()) {
            Broken.unless(each.givenUp || !memory.users().contains(each.pid), Rule.NOBODY_WAITS,
                    () -> each + " uses lock " + each.lock);
            Broken.unless(each.givenUp || !each.shmem || each.epoch == loop.model.reset.epoch(), Rule.PRESENT_EPOCH,
                    () -> each + " is of epoch " + each.epoch);
        }
    }
}
