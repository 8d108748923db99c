package dev.bgworker.ipc.mq;

import java.nio.ByteBuffer;

/** A message that the ring has no room for at once, on its way piece by piece. Owner thread only, except {@link #torn}. */
final class Streaming {

    private static final int COMPARED = 64;

    private final OwnSender sender;
    private final QueueBytes queue;
    // -1 when there is none.
    private long length = -1;
    // Of its frame, those in the ring.
    private long put;
    /** Whether the receiver may have seen a part of it; written by the owner. */
    private volatile boolean torn;

    Streaming(OwnSender sender) {
        this.sender = sender;
        this.queue = sender.queue();
    }

    boolean unfinished() { return length >= 0; }

    /** From any thread. */
    boolean torn() { return torn; }

    /** R160: the same again, as far as can be seen. */
    void beginOrResume(long size, ByteBuffer[] parts) {
        if (!unfinished()) {
            length = size;
            put = 0;
        } else if (size != length) {
            throw sender.changed("length", "It had " + length + " bytes and has " + size + " now.");
        } else {
            checkNewest(parts);
        }
    }

    /** The last bytes that were put are in the ring still, and nobody but the sender writes there. */
    private void checkNewest(ByteBuffer[] parts) {
        long sent = Math.min(put - QueueBytes.WORD, length);
        long padding = put - QueueBytes.WORD - sent;
        long most = Math.min(COMPARED, queue.ringSize() - padding);
        for (long back = 1; back <= Math.min(sent, most); back++) {
            long at = Math.floorMod(sender.index() - padding - back, queue.ringSize());
            if (queue.get(at) != Parts.get(parts, sent - back)) {
                throw sender.changed("content",
                        "Byte " + (sent - back) + " of " + length + " was sent already and is another.");
            }
        }
    }

    /**
     * As much as there is room for; true when that is all of it. A quarter of the ring at a time, so that the receiver takes it
     * out while the rest is put in. From the first piece on that is told, the message is torn; whoever gives the process up
     * sees that, or the owner sees that it was given up.
     */
    boolean put(ByteBuffer[] parts) {
        long frame = QueueBytes.frame(length);
        torn = true;
        if (sender.fenced()) {
            torn = put > 0; // what was told of before this is there all the same
            sender.begin();
        }
        for (long room = sender.room(); room > 0 && put < frame; room = sender.room()) {
            long count = Math.min(Math.min(room, frame - put), Math.max(sender.quarter(), QueueBytes.WORD));
            putPiece(count, parts);
            sender.flushIf(false);
        }
        if (put < frame) {
            sender.flush();
            torn = put > 0;
            return false;
        }
        sender.flush();
        forget();
        return true;
    }

    private void putPiece(long count, ByteBuffer[] parts) {
        long index = sender.index();
        if (put == 0) {
            queue.word(index, length);
        }
        long header = put == 0 ? QueueBytes.WORD : 0;
        Parts.put(parts, put + header - QueueBytes.WORD, count - header, queue, queue.after(index, header));
        put += count;
        sender.wrote(count);
    }

    /** It is complete, or nobody wants it any more. */
    void forget() {
        length = -1;
        torn = false;
    }
}
