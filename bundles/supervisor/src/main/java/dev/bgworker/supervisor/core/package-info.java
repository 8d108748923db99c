/**
 * What the supervisor decides, on plain data: no clock, no thread, no lock, no service.
 *
 * <p>Why a package of its own: everything here can be run in virtual time, and a test checks that it imports nothing that
 * could not. {@link dev.bgworker.supervisor.core.Supervision} and its companions are owned by whoever calls, which in the
 * host is the supervisor's one loop.
 */
package dev.bgworker.supervisor.core;
