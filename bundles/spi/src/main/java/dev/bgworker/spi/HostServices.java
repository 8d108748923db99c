package dev.bgworker.spi;

import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.host.HostSettings;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.TransactionEvents;
import dev.bgworker.api.host.WaitGraph;

/** What spi uses of the supervisor, each a service of its own. */
public record HostServices(ProcArray procs, TransactionEvents events, WaitGraph waits, HostSettings settings,
        BackgroundWorkers workers, Server server) {}
