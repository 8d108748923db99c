/**
 * What a process consists of: latch, interrupts, gate, scopes, activity row, and the ways that providers see it.
 *
 * <p>Ownership: everything here belongs to the process's own thread. From other threads come only the setting of the latch,
 * signals, terminate and fence, and reading; each type says which.
 */
package dev.bgworker.supervisor.process;
