package dev.bgworker.supervisor.core.sim;

/** What must hold, by name, with the rules of the contract that it stands for. */
enum Rule {
    ONE_LIVE_RUN("one live run per registration", "R28 R49"), SLOTS_ADD_UP("used and free slots add up to the limit",
            "R18 R19 R22"), LOWEST_SLOT("the lowest free slot is taken, under the next generation", "R20 R21"), SLOT_KEPT(
                    "slot and generation stay from registration to unregistration",
                    "R19 R49"), QUOTA("a registration is refused exactly when there is no slot for it", "R12 R13"), BY_AGE(
                            "static workers that wait for a slot get it by age",
                            "R10 R19"), NEW_PID("a pid is never used twice", "R69"), SHOWN(
                                    "handles see exactly what is registered",
                                    "R22 R66 R67"), STATE("a worker is in the state that the contract says",
                                            "R28 R32 R34 R36 R45 R46 R54 R55 R57 R64 R65"), STATUS(
                                                    "the handle status follows from the state", "R28 R66 R67"), NOT_BACKWARD(
                                                            "a handle never moves backward except by a restart",
                                                            "R67 R72"), MAY_START("nothing is launched that may not start",
                                                                    "R34 R37 R61 R64 R81"), ALL_STARTED(
                                                                            "what may start is launched in that pass, as far as the pass reaches",
                                                                            "R39 R43"), ON_TIME(
                                                                                    "the supervisor wakes for what is due",
                                                                                    "R43 R48"), DELAY(
                                                                                            "the delay counts from the exit, by the policy",
                                                                                            "R46 R48"), COUNTERS(
                                                                                                    "restarts, exit status and ready are those of the runs",
                                                                                                    "R49 R67 R71"), TOLD(
                                                                                                            "the registrant hears of each start, end and drop exactly once",
                                                                                                            "R29 R30 R33 R41 R76"), AS_SHOWN(
                                                                                                                    "what is told is what is shown by then: the pid before the start, the free slot before the end",
                                                                                                                    "R29 R33"), STOPS(
                                                                                                                            "who is to go is told so once it is decided, by TERM or QUIT, with its deadline",
                                                                                                                            "R54 R62 R63 R81 R83"), STALE(
                                                                                                                                    "a stale handle does nothing",
                                                                                                                                    "R59 R61"), REBUILD(
                                                                                                                                            "shared memory is rebuilt when the last of the old epoch is gone, once",
                                                                                                                                            "R37 R53 R54"), DRAINED(
                                                                                                                                                    "a library is drained when its last run is over, not before",
                                                                                                                                                    "R8"), ALL_GONE(
                                                                                                                                                            "the end of the last run of a shutdown is told",
                                                                                                                                                            "R81 R82 R87"), HOST_STATUS(
                                                                                                                                                                    "the exit status of the host says what happened",
                                                                                                                                                                    "R81 R86"), LISTED(
                                                                                                                                                                            "refused definitions and threads left behind are listed",
                                                                                                                                                                            "R7 R8"), WOKEN(
                                                                                                                                                                                    "who waits on a handle is woken",
                                                                                                                                                                                    "R70 R72 R74 R75"), CONVERGES(
                                                                                                                                                                                            "when the faults are over everybody who should run runs",
                                                                                                                                                                                            "R43 R55"), NOTHING_LEFT(
                                                                                                                                                                                                    "after a fast shutdown nothing is left",
                                                                                                                                                                                                    "R19 R81");

    private final String words;
    private final String rules;

    Rule(String words, String rules) {
        this.words = words;
        this.rules = rules;
    }

    @Override
    public String toString() { return words + " (" + rules + ")"; }
}
