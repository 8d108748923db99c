package dev.bgworker.spi.timeout;

/** The timeouts as they hold at one moment, in nanoseconds; 0 is off. A value. */
public record Limits(long statement, long lock, long transaction, long idle) {}
