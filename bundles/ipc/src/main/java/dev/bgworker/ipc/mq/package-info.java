/**
 * {@code shm_mq.c} and {@code shm_toc.c}: bytes from one process to another, and a table of what lies in an area.
 *
 * <p>Why counters and not a flag in each message: a message may be larger than the ring, and one counter told for many messages
 * costs the two processors less than a flag in each.
 */
package dev.bgworker.ipc.mq;
