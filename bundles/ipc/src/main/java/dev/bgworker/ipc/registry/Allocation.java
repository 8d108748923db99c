package dev.bgworker.ipc.registry;

import java.util.OptionalLong;

/**
 * A row of {@code pg_dsm_registry_allocations}.
 *
 * @param type segment or area
 * @param size in bytes; empty while it is not initialised
 */
public record Allocation(String name, String type, OptionalLong size) {}
