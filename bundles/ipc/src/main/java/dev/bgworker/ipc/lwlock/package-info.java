/** {@code lwlock.c} and {@code s_lock.c}: locks in shared memory, who holds them, who waits for them. */
package dev.bgworker.ipc.lwlock;
