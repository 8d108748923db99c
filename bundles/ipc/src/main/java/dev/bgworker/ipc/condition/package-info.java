/** {@code condition_variable.c} and {@code barrier.c}: to sleep until something has become so, and to proceed together. */
package dev.bgworker.ipc.condition;
