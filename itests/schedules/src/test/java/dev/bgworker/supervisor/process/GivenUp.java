package dev.bgworker.supervisor.process;

import dev.bgworker.api.host.ProcArray;

/** Gives a process up, in the order in which the supervisor does. */
public final class GivenUp {

    private GivenUp() {}

    /** Whether it is a crash. */
    public static boolean fence(ProcArray.Entry proc, Providers providers) {
        ((BgProc) proc).ownGate().fence();
        return providers.fence(proc);
    }
}
