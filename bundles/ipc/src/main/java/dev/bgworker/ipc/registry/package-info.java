/** {@code dsm_registry.c}: segments and heaps known by name, made once by whoever comes first. */
package dev.bgworker.ipc.registry;
