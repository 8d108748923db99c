package dev.bgworker.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;

/** What the anchor has no counterpart for: messages as large as the ring, and what both threads allocate for one. */
final class MessageQueueAlone implements Benchmark {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int SLICES = 30;

    private final String name;
    private final int size;
    private final int ring;
    private final int slice;

    MessageQueueAlone(String name, int size, int ring, int slice) {
        this.name = name;
        this.size = size;
        this.ring = ring;
        this.slice = slice;
    }

    @Override
    public String name() { return name; }

    @Override
    public void run(Ratios ratios) throws Exception {
        ByteBuffer[] message = {ByteBuffer.allocateDirect(size)};
        try (QueueSides sides = new QueueSides(ring, slice)) {
            rates(sides, message);
            long sender = allocated(Thread.currentThread());
            long receiver = allocated(sides.receiver());
            double rate = Interval.median(rates(sides, message));
            double all = (double) slice * SLICES;
            ratios.add(Row.alone(name, "messages/s", rate));
            ratios.add(Row.alone(name + "-sender", "bytes", (allocated(Thread.currentThread()) - sender) / all));
            ratios.add(Row.alone(name + "-receiver", "bytes", (allocated(sides.receiver()) - receiver) / all));
        }
    }

    private static double[] rates(QueueSides sides, ByteBuffer[] message) throws InterruptedException {
        double[] rates = new double[SLICES];
        for (int i = 0; i < SLICES; i++) {
            rates[i] = sides.send(true, message);
        }
        return rates;
    }

    private static long allocated(Thread thread) { return THREADS.getThreadAllocatedBytes(thread.getId()); }
}
