package dev.bgworker.supervisor.core.sim;

import java.util.Locale;

/** What must hold, by name, with the rules of the contract that it stands for. */
enum Rule {

    /** One live run per registration. */
    ONE_LIVE_RUN("R28 R49"),
    /** Used and free slots add up to the limit. */
    SLOTS_ADD_UP("R18 R19 R22"),
    /** The lowest free slot is taken, under the next generation. */
    LOWEST_SLOT("R20 R21"),
    /** Slot and generation stay from registration to unregistration. */
    SLOT_KEPT("R19 R49"),
    /** A registration is refused exactly when there is no slot for it. */
    QUOTA("R12 R13"),
    /** Static workers that wait for a slot get it by age. */
    BY_AGE("R10 R19"),
    /** A pid is never used twice. */
    NEW_PID("R69"),
    /** Handles see exactly what is registered. */
    SHOWN("R22 R66 R67"),
    /** A worker is in the state that the contract says. */
    STATE("R28 R32 R34 R36 R45 R46 R54 R55 R57 R64 R65"),
    /** The handle status follows from the state. */
    STATUS("R28 R66 R67"),
    /** A handle never moves backward except by a restart. */
    NOT_BACKWARD("R67 R72"),
    /** Nothing is launched that may not start. */
    MAY_START("R34 R37 R61 R64 R81"),
    /** What may start is launched in that pass, as far as the pass reaches. */
    ALL_STARTED("R39 R43"),
    /** The supervisor wakes for what is due. */
    ON_TIME("R43 R48"),
    /** The delay counts from the exit, by the policy. */
    DELAY("R46 R48"),
    /** Restarts, exit status and ready are those of the runs. */
    COUNTERS("R49 R67 R71"),
    /** The registrant hears of each start, end and drop exactly once. */
    TOLD("R29 R30 R33 R41 R76"),
    /** What is told is what is shown by then: the pid before the start, the free slot before the end. */
    AS_SHOWN("R29 R33"),
    /** Who is to go is told so once it is decided, by TERM or QUIT, with its deadline. */
    STOPS("R54 R62 R63 R81 R83"),
    /** A stale handle does nothing. */
    STALE("R59 R61"),
    /** What is held of shared memory is held by the living, or a reset is under way. */
    HELD_BY_THE_LIVING("R47 R53"),
    /** Nobody is there with memory of an epoch that has ended; all come back to the present one. */
    PRESENT_EPOCH("R54 R55"),
    /** Nobody waits for a lock for ever. */
    NOBODY_WAITS("R53 R54"),
    /** Shared memory is rebuilt when the last of the old epoch is gone, once. */
    REBUILD("R37 R53 R54"),
    /** A library is drained when its last run is over, not before. */
    DRAINED("R8"),
    /** The end of the last run of a shutdown is told. */
    ALL_GONE("R81 R82 R87"),
    /** The exit status of the host says what happened. */
    HOST_STATUS("R81 R86"),
    /** Refused definitions and threads left behind are listed. */
    LISTED("R7 R8"),
    /** Who waits on a handle is woken. */
    WOKEN("R70 R72 R74 R75"),
    /** When the faults are over everybody who should run runs. */
    CONVERGES("R43 R55"),
    /** After a fast shutdown nothing is left. */
    NOTHING_LEFT("R19 R81");

    private final String rules;

    Rule(String rules) { this.rules = rules; }

    @Override
    public String toString() { return name().toLowerCase(Locale.ROOT).replace('_', ' ') + " (" + rules + ")"; }
}
