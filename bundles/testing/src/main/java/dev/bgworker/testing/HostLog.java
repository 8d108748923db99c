package dev.bgworker.testing;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.testing.log.Recorder;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.MDC;
import org.slf4j.event.Level;

/**
 * What was logged while a host is open. A line of a process is its own host's, and so is one of a thread that it made, by the
 * MDC; one of the test's threads is that of all hosts open then, since nothing tells whose it is. Thread-safe.
 */
final class HostLog implements Recorder.Listener {

    /** In the MDC; pids begin at 1 in each host. */
    private static final String KEY = "host";
    private static final AtomicLong HOSTS = new AtomicLong();

    private final String host = Long.toString(HOSTS.incrementAndGet());
    private final List<LogLine> lines = new CopyOnWriteArrayList<>();
    private final Supplier<ProcArray> procs;
    private final Clock clock;

    /** @param procs asked from {@link #open} on */
    HostLog(Supplier<ProcArray> procs, Clock clock) {
        this.procs = procs;
        this.clock = clock;
    }

    void open() { Recorder.listen(this); }

    @Override
    public void line(long pid, Level level, String logger, String message, Throwable thrown) {
        String whose = MDC.get(KEY);
        boolean mine = whose == null ? pid == 0 : whose.equals(host);
        if (mine || procs.get().ofThread().isPresent()) {
            lines.add(new LogLine(clock.instant(), pid, level, logger, message, thrown));
        }
    }

    /** From here on the lines of the calling thread, and of those that it makes, are this host's. */
    void mark() {
        MDC.put(KEY, host);
    }

    /** 55000 in words when another provider of slf4j has the lines. */
    List<LogLine> lines() {
        if (!Recorder.instead().isEmpty()) {
            throw new IllegalStateException("the log is not recorded: slf4j has chosen " + Recorder.instead()
                    + "; take that provider from the class path of the tests");
        }
        return List.copyOf(lines);
    }

    /** For whoever reads of a failure; empty when nothing was recorded. */
    String text() {
        StringBuilder text = new StringBuilder();
        lines.stream().filter(each -> each.level() != Level.DEBUG).forEach(each -> text.append("\n\t").append(each));
        return text.toString();
    }

    void close() { Recorder.leave(this); }
}
