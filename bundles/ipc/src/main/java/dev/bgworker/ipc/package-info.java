/** The provider of shared memory: what the supervisor sees of it, and what each process is given. */
package dev.bgworker.ipc;
