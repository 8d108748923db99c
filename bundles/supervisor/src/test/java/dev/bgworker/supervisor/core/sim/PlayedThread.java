package dev.bgworker.supervisor.core.sim;

import java.time.Duration;
import java.time.Instant;

/** The thread of one launch, and what it will heed. */
final class PlayedThread {

    final long pid;
    final String name;
    final boolean heedsTerm;
    final boolean heedsCancel;
    final boolean heedsQuit;
    final boolean critical;
    final boolean shmem;
    final long epoch;
    /** What it has or waits for; -1 for none. */
    int lock = -1;
    /** What it will end with once it hears of a TERM; -1 when none came. */
    int leavesWith = -1;
    boolean ended;
    boolean givenUp;
    /** On the ladder since then, with that deadline; null before it was told to go. */
    Instant since;
    Duration deadline;
    /** Which climb it is: a sharper one makes the steps of the one before void. */
    int climb;

    PlayedThread(long pid, String name, boolean shmem, long epoch, Dice dice, Chances chances) {
        this.pid = pid;
        this.name = name;
        this.shmem = shmem;
        this.epoch = epoch;
        this.heedsTerm = !dice.chance(chances.ignoresTerm());
        this.heedsCancel = !dice.chance(chances.ignoresTerm());
        this.heedsQuit = !dice.chance(chances.ignoresQuit());
        this.critical = dice.chance(chances.critical());
    }

    @Override
    public String toString() { return name + " (" + pid + ")"; }
}
