package test_shm_mq;

import java.util.Locale;

/** What came of it. A value. */
record Throughput(Options options, long nanos) {

    /** Two lines for whoever ran it. */
    @Override
    public String toString() {
        double seconds = Math.max(nanos, 1) / 1e9;
        double messages = options.loops() / seconds;
        return String.format(Locale.ROOT,
                "%,d messages of %,d bytes went round %d worker%s%s in %.3f s%s%n%s messages/s, %s bytes/s",
                options.loops(), options.messageSize(), options.workers(), options.workers() == 1 ? "" : "s",
                options.pipelined() ? ", pipelined," : "", seconds,
                options.verify() ? ", each compared with what was sent" : "", rate(messages),
                rate(messages * options.messageSize()));
    }

    private static String rate(double perSecond) {
        return String.format(Locale.ROOT, perSecond > 0 && perSecond < 10 ? "%.3f" : "%,.0f", perSecond);
    }
}
