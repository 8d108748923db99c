/** Bytes, and how a process sees them: blocks, mappings, epochs. The ground that the rest of ipc stands on. */
package dev.bgworker.ipc.memory;
