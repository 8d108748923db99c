package dev.bgworker.spi.functions;

import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.host.HostSettings;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What functions and views reach of the host.
 *
 * @param superusers whether a role of that name is one
 * @param databases what was counted in each
 * @param catalogs databases and roles
 */
public record FunctionHost(BackgroundWorkers workers, Server server, HostSettings settings, Predicate<String> superusers,
        Supplier<List<DatabaseTotals>> databases, SharedCatalogs catalogs) {}
