package dev.bgworker.ipc.locks;

import dev.bgworker.api.process.LockMode;

/** {@code LOCALLOCK}: one lock in one mode that its process holds, however often. Owner thread only. */
final class LocalLock {

    /** What it is found by. */
    record Tag(String name, LockMode mode) {}

    private final Tag tag;
    private final Request request;
    // Owner thread only, as the rest.
    private int count;

    LocalLock(Tag tag, Request request) {
        this.tag = tag;
        this.request = request;
    }

    Tag tag() { return tag; }

    Request request() { return request; }

    void more() { count++; }

    /** Whether that was the last. */
    boolean fewer(int by) {
        count -= by;
        return count == 0;
    }
}
