package dev.bgworker.benchmarks;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Messages of one size from one process to another, read in place and counted; the same through Agrona's ring. */
final class MessageQueue implements Benchmark {

    private static final int WARM_UP = 10;
    private static final Duration LONGEST = Duration.ofSeconds(15);
    private static final int KIB = 1 << 10;

    private final String name;
    private final int size;
    private final int ring;
    private final int slice;
    private final double goal;

    private MessageQueue(String name, int size, int ring, int slice, double goal) {
        this.name = name;
        this.size = size;
        this.ring = ring;
        this.slice = slice;
        this.goal = goal;
    }

    static List<Benchmark> all() {
        return List.of(new MessageQueue("mq-8", 8, 64 * KIB, 500_000, 0.8),
                new MessageQueue("mq-64", 64, 64 * KIB, 300_000, 0.9),
                new MessageQueue("mq-1k", KIB, 64 * KIB, 60_000, 0.8),
                new MessageQueue("mq-64k", 64 * KIB, 1024 * KIB, 5_000, 0.8),
                new MessageQueueAlone("mq-64k-small-ring", 64 * KIB, 64 * KIB, 2_000),
                new MessageQueueAlone("mq-allocation", 64, 64 * KIB, 300_000));
    }

    @Override
    public String name() { return name; }

    /** Each told at once, as the anchor does it; against an anchor that may sleep through the last one; told by quarters. */
    @Override
    public void run(Ratios ratios) throws Exception {
        try (QueueSides sides = new QueueSides(ring, slice)) {
            ratios.add(Row.atLeast(goal, name, "messages/s", pairs(sides, true, true), rate -> rate));
            ratios.add(Row.told(name + "-unfenced", "messages/s", pairs(sides, true, false), rate -> rate));
            ratios.add(Row.atLeast(goal, name + "-batched", "messages/s", pairs(sides, false, true), rate -> rate));
        }
    }

    private Pairs<Double> pairs(QueueSides sides, boolean forceFlush, boolean fenced) throws Exception {
        ByteBuffer[] message = {ByteBuffer.allocateDirect(size)};
        UnsafeBuffer same = new UnsafeBuffer(message[0]);
        try (AgronaSides anchor = new AgronaSides(ring, slice, fenced)) {
            return new Pairs<>(() -> sides.send(forceFlush, message), () -> anchor.send(same)).warmUp(WARM_UP).take(LONGEST,
                    List.of(rate -> rate));
        }
    }
}
