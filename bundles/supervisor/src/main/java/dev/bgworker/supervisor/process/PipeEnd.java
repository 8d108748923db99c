package dev.bgworker.supervisor.process;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a subprocess ends with its scope: it and its descendants are asked, given a second, destroyed. By their handles, since
 * {@code Process.destroy} also closes the pipes, and waits in that for a thread that is writing.
 */
final class PipeEnd implements Endable {

    private static final Logger LOG = LoggerFactory.getLogger(PipeEnd.class);

    private final Process process;
    private final String name;
    private final List<PipeBuffer> buffers;
    private final List<Thread> threads;
    /** Set by the owner, when it is told to end. */
    private Patience patience;
    /** As found when it was told: whose parent has ended is nobody's descendant any more. */
    private List<ProcessHandle> family = List.of();

    PipeEnd(Process process, String name, List<PipeBuffer> buffers, List<Thread> threads) {
        this.process = process;
        this.name = name;
        this.buffers = buffers;
        this.threads = threads;
    }

    @Override
    public void tellToEnd() {
        if (patience == null) {
            patience = Patience.of(ScopeThread.GRACE);
            family = Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
            family.forEach(ProcessHandle::destroy);
            buffers.forEach(PipeBuffer::end);
        }
    }

    @Override
    public boolean ended() { return patience != null && !process.isAlive(); }

    @Override
    public void close() {
        tellToEnd();
        family.forEach(each -> await(each, patience));
        Patience last = Patience.of(ScopeThread.GRACE);
        if (family.stream().anyMatch(ProcessHandle::isAlive)) {
            LOG.info("{} or a descendant of it did not end within {} ms and is destroyed", name,
                    ScopeThread.GRACE.toMillis());
            Stream.concat(family.stream().flatMap(ProcessHandle::descendants), family.stream()).toList()
                    .forEach(ProcessHandle::destroyForcibly); // those as well that came after it was asked
            await(process.toHandle(), last);
        }
        threads.forEach(each -> last.await(each::join));
        threads.stream().filter(Thread::isAlive)
                .forEach(each -> LOG.warn("thread \"{}\" still runs: somebody else holds the other end", each.getName()));
    }

    /** By signal for a child of the JVM; for who is none the JDK looks every 300 ms. */
    private static void await(ProcessHandle each, Patience patience) {
        if (!each.isAlive()) {
            return;
        }
        patience.await(millis -> {
            try {
                each.onExit().get(millis, TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException expected) {
                // It is still there, which is what is looked at next.
            }
        });
    }

    @Override
    public String toString() { return name; }
}
