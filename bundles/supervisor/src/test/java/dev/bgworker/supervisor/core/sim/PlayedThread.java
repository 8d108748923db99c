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
    final boolean holdsShared;
    boolean ended;
    boolean givenUp;
    /** On the ladder since then, with that deadline; null before it was told to go. */
    Instant since;
    Duration deadline;
    /** Which climb it is: a sharper one makes the steps of the one before void. */
    int climb;

    PlayedThread(long pid, String name, Dice dice, Chances chances) {
        this.pid = pid;
        this.name = name;
        this.heedsTerm = !dice.chance(chances.ignoresTerm());
        this.heedsCancel = !dice.chance(chances.ignoresTerm());
        this.heedsQuit = !dice.chance(chances.ignoresQuit());
        this.holdsShared = dice.chance(chances.holdsShared());
    }
}
