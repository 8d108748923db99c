package dev.bgworker.supervisor;

import dev.bgworker.supervisor.process.Machine;
import dev.bgworker.supervisor.process.ProcTable;
import dev.bgworker.supervisor.process.Providers;
import dev.bgworker.supervisor.process.ScopeEvents;
import dev.bgworker.supervisor.settings.Settings;
import java.time.Clock;
import java.util.Optional;

/** What a supervisor stands on: its pools, and the processes that they serve. */
record Ground(Threads threads, Providers providers, ScopeEvents events, ProcTable table) {

    /** On the machine itself, whose sleepers are not counted. */
    static Ground on(Clock clock) {
        Threads threads = new Threads(Optional.empty());
        Providers providers = new Providers();
        ScopeEvents events = new ScopeEvents();
        return new Ground(threads, providers, events, new ProcTable(clock, providers, events, threads.timers(),
                threads.slow(), Settings.DEFAULT.deadlockTimeout()));
    }

    static Ground on(Machine machine) {
        Threads threads = new Threads(Optional.of(machine));
        Providers providers = new Providers();
        ScopeEvents events = new ScopeEvents();
        return new Ground(threads, providers, events, new ProcTable(machine, providers, events, threads.timers(),
                threads.slow(), Settings.DEFAULT.deadlockTimeout()));
    }
}
