package dev.bgworker.ipc.mq;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.ipc.ShmMq;
import dev.bgworker.api.ipc.ShmMq.Result;
import dev.bgworker.ipc.memory.Mapping;
import java.nio.ByteBuffer;

/** The receiving end. Owner thread only. */
final class OwnReceiver extends QueueEnd implements ShmMq.Receiver {

    private final QueueBytes queue;
    private final long ringSize;
    private final long quarter;
    private final ByteBuffer inPlace;
    private final Collected collected;
    // All of them the owner's: bytes taken, those of them told, where the next are, and how far the sender was.
    private long taken;
    private long told;
    private long index;
    private long written;
    // Of the message that the caller still reads in place.
    private long lent;
    // Of the message that is being collected, -1 for none.
    private long length = -1;
    private ByteBuffer message;

    OwnReceiver(Mapping mapping, QueueBytes queue, AttachedEnds attached) {
        super(Side.RECEIVER, mapping, queue, attached);
        this.queue = queue;
        this.ringSize = queue.ringSize();
        this.quarter = ringSize >> 2;
        this.inPlace = queue.ring();
        this.collected = new Collected(mapping.member(), queue);
    }

    @Override
    public Result receive(boolean nowait) {
        begin();
        giveBack();
        if (length >= 0) {
            return collect(nowait);
        }
        if (written - taken < QueueBytes.WORD && !there(QueueBytes.WORD)) {
            Result more = more(QueueBytes.WORD, nowait);
            if (more != Result.SUCCESS) {
                return more;
            }
        }
        long size = queue.word(index);
        if (size < 0 || size > QueueBytes.LONGEST) {
            throw tooLong(size);
        }
        long frame = QueueBytes.frame(size);
        long begin = index + QueueBytes.WORD;
        if (begin + size > ringSize) {
            length = size;
            collected.begin(size);
            took(QueueBytes.WORD);
            return collect(nowait);
        }
        if (written - taken < frame && !there(frame)) {
            Result more = more(frame, nowait);
            if (more != Result.SUCCESS) {
                return more;
            }
        }
        inPlace.limit((int) (begin + size)).position((int) begin);
        lent = frame;
        message = inPlace;
        return Result.SUCCESS;
    }

    /** The message before this one is not needed any more: its room is. */
    private void giveBack() {
        message = null;
        if (lent != 0) {
            took(lent);
            lent = 0;
        }
    }

    /** One that goes over the end of the ring, or is larger than it. */
    private Result collect(boolean nowait) {
        while (!collected.complete()) {
            if (written == taken && !there(QueueBytes.WORD)) {
                Result more = more(QueueBytes.WORD, nowait);
                if (more != Result.SUCCESS) {
                    return more;
                }
            }
            took(collected.take(index, Math.min(written - taken, ringSize)));
        }
        length = -1;
        message = collected.message();
        return Result.SUCCESS;
    }

    /** Whether the sender has told of so many bytes more. */
    private boolean there(long count) {
        look();
        return written - taken >= count;
    }

    private Result more(long count, boolean nowait) {
        Result result = await(taken + count, nowait);
        look();
        return result;
    }

    private void look() {
        long now = queue.positionAcquire(Side.SENDER);
        checkPending(now - taken);
        written = now;
    }

    /** Shown by quarters, with a word to the sender each time: it may wait for no more than that. */
    private void took(long count) {
        taken += count;
        index = queue.after(index, count);
        if (taken - told > quarter) {
            flush();
        }
    }

    /** Before it waits itself it wakes the sender for whatever there is. */
    @Override
    void flush() {
        if (told != taken) {
            told = taken;
            advance(told);
        }
        tell();
    }

    @Override
    long reached() { return taken; }

    @Override
    boolean torn() { return false; }

    @Override
    public ByteBuffer message() {
        ByteBuffer last = message;
        if (last == null) {
            throw mapping().member().error(errcode("55000", "there is no message")
                    .errhint("It is there after receive has returned SUCCESS, until the next receive."));
        }
        return last;
    }
}
