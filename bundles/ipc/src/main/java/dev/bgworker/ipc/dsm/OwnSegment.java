package dev.bgworker.ipc.dsm;

import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.ipc.Segment;
import dev.bgworker.api.process.Held;
import dev.bgworker.ipc.memory.MappedArea;
import dev.bgworker.ipc.memory.Views;

/** A segment as the process sees it that has it mapped. Owner thread only. */
public final class OwnSegment implements Segment {

    private final Attachment attachment;
    private final Area area;

    /** @param found whether it was there before */
    public OwnSegment(Attachment attachment, Views views, boolean found) {
        this.attachment = attachment;
        this.area = new MappedArea(attachment.mapping(), views, found);
    }

    @Override
    public Area area() {
        attachment.mapping().check();
        return area;
    }

    @Override
    public long handle() { return attachment.segment().handle(); }

    @Override
    public void pin() { attachment.pin(); }

    @Override
    public void unpin() { attachment.unpin(); }

    @Override
    public Held onDetach(Runnable callback) { return attachment.onDetach(callback); }

    @Override
    public void close() { attachment.close(); }

    @Override
    public String toString() { return attachment.toString(); }
}
