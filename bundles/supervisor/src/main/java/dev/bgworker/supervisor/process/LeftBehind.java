package dev.bgworker.supervisor.process;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that a worker made by itself and left running at its exit. They are known by its group and by the context class
 * loader that they inherited, which they keep alive; what the engine, the host or the JVM made on the worker's thread has
 * another one.
 */
final class LeftBehind {

    private static final Logger LOG = LoggerFactory.getLogger(LeftBehind.class);

    /** For a pool that was just shut down: it counts as terminated a moment before its threads do. */
    private static final Duration LAST_INSTRUCTIONS = Duration.ofMillis(100);

    /** What the JVM has one of, made by whoever first needs it: the common pool, and the timer of all CompletableFutures. */
    private static final Pattern OF_THE_JVM = Pattern
            .compile("CompletableFutureDelayScheduler|ForkJoinPool\\.commonPool-.*");

    private LeftBehind() {}

    /** On the worker's own thread, after its callbacks. */
    static void report(BgProc proc, ThreadGroup group, ClassLoader loader) {
        List<Thread> alive = in(group, loader);
        Patience patience = Patience.of(LAST_INSTRUCTIONS);
        alive.forEach(thread -> patience.await(thread::join));
        String names = alive.stream().filter(Thread::isAlive).map(thread -> "\"" + thread.getName() + "\"").sorted()
                .collect(Collectors.joining(", "));
        if (!names.isEmpty()) {
            LOG.warn("background worker {} has exited and left threads running: {}; end them before main is left, or start"
                    + " them with scope().startThread", proc.inWords(), names);
        }
    }

    private static List<Thread> in(ThreadGroup group, ClassLoader loader) {
        int most = group.activeCount();
        if (most <= 1) {
            return List.of();
        }
        Thread[] all = new Thread[2 * most];
        group.enumerate(all);
        return Arrays.stream(all).filter(Objects::nonNull)
                .filter(thread -> thread != Thread.currentThread() && !(thread instanceof ScopeThread)
                        && thread.getContextClassLoader() == loader && !OF_THE_JVM.matcher(thread.getName()).matches())
                .toList();
    }
}
