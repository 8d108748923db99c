package dev.bgworker.testing;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.testing.log.Recorder;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.event.Level;

/**
 * What was logged while a host is open. A line of a process is its own host's; one of a host's other threads, or of the
 * test's, is that of all hosts open then, since nothing tells whose it is. Thread-safe.
 */
final class HostLog implements Recorder.Listener {

    private final List<LogLine> lines = new CopyOnWriteArrayList<>();
    private final ProcArray procs;
    private final Clock clock;

    private HostLog(ProcArray procs, Clock clock) {
        this.procs = procs;
        this.clock = clock;
    }

    static HostLog of(ProcArray procs, Clock clock) {
        HostLog log = new HostLog(procs, clock);
        Recorder.listen(log);
        return log;
    }

    @Override
    public void line(long pid, Level level, String logger, String message, Throwable thrown) {
        boolean mine = procs.ofThread().isPresent();
        if (mine || pid == 0 || procs.find(pid).isPresent()) {
            lines.add(new LogLine(clock.instant(), pid, level, logger, message, thrown));
        }
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
