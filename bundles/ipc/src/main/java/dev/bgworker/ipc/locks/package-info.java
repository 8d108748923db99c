/**
 * {@code lock.c}: named locks, held by scopes, waited for through the wait graph. Not in shared memory: a worker without access
 * to that may lock too, and no crash reset touches them.
 */
package dev.bgworker.ipc.locks;
