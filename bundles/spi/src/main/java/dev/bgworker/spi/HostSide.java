package dev.bgworker.spi;

import dev.bgworker.spi.functions.FunctionHost;
import dev.bgworker.spi.notify.Notifications;
import dev.bgworker.spi.timeout.HostLimits;
import dev.bgworker.spi.timeout.Timer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * What all sessions of a host share.
 *
 * @param transactions the number given last
 * @param recovering whether the server is not yet read-write
 * @param functions what SQL functions reach
 */
record HostSide(HostServices services, HostLimits limits, Timer timer, AtomicLong transactions,
        BooleanSupplier recovering, FunctionHost functions, Notifications notifications) {}
