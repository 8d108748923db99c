package dev.bgworker.ipc.dsa;

/** {@code dsa_pointer}: which segment, and where in it; 0 is none, since a segment begins with its header. */
final class Pointers {

    private static final int OFFSET_BITS = 40;

    private Pointers() {}

    static long of(int segment, long offset) { return (long) segment << OFFSET_BITS | offset; }

    static int segment(long pointer) { return (int) (pointer >>> OFFSET_BITS); }

    static long offset(long pointer) { return pointer & (1L << OFFSET_BITS) - 1; }
}
