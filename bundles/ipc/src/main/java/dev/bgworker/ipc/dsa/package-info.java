/**
 * {@code dsa.c}: heaps in shared memory. All that a heap is lies in the bytes of its segments; a monitor beside them takes the
 * place of the area's lock, since nobody can stop inside it: it is held over no allocation of memory and no code of others.
 *
 * <p>A segment is divided into pages of 4096 bytes. Each has a record of 64, a cache line: what the page is, its place in a
 * list, and one mark for each 16 bytes, set where an allocation begins; so what was freed twice, or never allocated, is told
 * at once, and nothing that a process writes behind its allocation can hurt the heap. Small objects are of 32 sizes and share
 * spans of 16 pages; larger ones have pages of their own.
 */
package dev.bgworker.ipc.dsa;
