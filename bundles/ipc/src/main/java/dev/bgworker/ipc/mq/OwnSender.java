package dev.bgworker.ipc.mq;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.ipc.ShmMq;
import dev.bgworker.api.ipc.ShmMq.Result;
import dev.bgworker.ipc.memory.Mapping;
import java.nio.ByteBuffer;

/** The sending end. Owner thread only. */
final class OwnSender extends QueueEnd implements ShmMq.Sender {

    private final QueueBytes queue;
    private final long ringSize;
    private final long quarter;
    private final Streaming streaming;
    // All of them the owner's: bytes in the ring, those of them told, where the next goes, and how far the receiver was,
    // which is checked before it comes here.
    private long written;
    private long told;
    private long index;
    private long read;

    OwnSender(Mapping mapping, QueueBytes queue, AttachedEnds attached) {
        super(Side.SENDER, mapping, queue, attached);
        this.queue = queue;
        this.ringSize = queue.ringSize();
        this.quarter = ringSize >> 2 & -QueueBytes.WORD;
        this.streaming = new Streaming(this);
    }

    @Override
    public Result send(boolean nowait, boolean forceFlush, ByteBuffer... parts) {
        begin();
        if (queue.detached()) {
            streaming.forget();
            return Result.DETACHED;
        }
        long length = Parts.length(parts);
        if (length > QueueBytes.LONGEST) {
            throw tooLong(length);
        }
        long frame = QueueBytes.frame(length);
        if (streaming.unfinished() || frame > ringSize - (written - read) && frame > room()) {
            return stream(nowait, length, parts);
        }
        queue.word(index, length);
        Parts.put(parts, queue, queue.after(index, QueueBytes.WORD));
        wrote(frame);
        flushIf(forceFlush);
        return Result.SUCCESS;
    }

    private Result stream(boolean nowait, long length, ByteBuffer[] parts) {
        streaming.beginOrResume(length, parts);
        while (!streaming.put(parts)) {
            Result more = await(read + QueueBytes.WORD, nowait);
            if (more == Result.DETACHED) {
                streaming.forget();
            }
            if (more != Result.SUCCESS) {
                return more;
            }
        }
        return Result.SUCCESS;
    }

    /** What the receiver has left free, as of now. */
    long room() {
        long now = queue.positionAcquire(Side.RECEIVER);
        checkPending(written - now);
        read = now;
        return ringSize - (written - read);
    }

    long quarter() { return quarter; }

    long index() { return index; }

    void wrote(long count) {
        written += count;
        index = queue.after(index, count);
    }

    /** R164. */
    void flushIf(boolean force) {
        if (force || written - told > quarter) {
            flush();
        }
    }

    @Override
    void flush() {
        if (told != written) {
            told = written;
            advance(told);
            tell();
        }
    }

    @Override
    long reached() { return written; }

    @Override
    boolean torn() { return streaming.torn() && !over(); }

    RuntimeException changed(String what, String detail) {
        return mapping().member().error(errcode("55000", "message repeated after WOULD_BLOCK has another " + what)
                .errdetail(detail).errhint("Repeat the same message until it is sent, or close the sender."));
    }
}
