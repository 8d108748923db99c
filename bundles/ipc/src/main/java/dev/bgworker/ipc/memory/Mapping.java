package dev.bgworker.ipc.memory;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.process.ErrorException;

/** A block as one process has it mapped. Owner thread only. */
public final class Mapping {

    private final Member member;
    private final Bytes bytes;
    private final String name;
    // Owner thread only.
    private boolean detached;

    /** @param name of the block, for messages */
    public Mapping(Member member, Bytes bytes, String name) {
        this.member = member;
        this.bytes = bytes;
        this.name = name;
    }

    public Member member() { return member; }

    public Bytes bytes() { return bytes; }

    public String name() { return name; }

    /** What each use begins with. */
    public void check() {
        member.check();
        if (detached) {
            throw gone();
        }
    }

    private ErrorException gone() {
        return member.error(errcode("55000", name + " was detached").errhint("Attach to it again by its handle."));
    }

    public boolean detached() { return detached; }

    /** From now on each use fails. */
    public void detach() { detached = true; }
}
