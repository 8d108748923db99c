package dev.bgworker.supervisor.process;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.HostTime;
import java.io.IOException;
import java.nio.channels.Selector;
import java.time.Clock;
import java.time.Duration;

/**
 * What a host has of the machine beneath it: clocks, and the sleep of its processes, which ends by a wake-up or by time. A
 * test puts its own here, on which time stands still until it is moved; that one is also told who runs, so that it knows when
 * all rest. Thread-safe; to sleep, each process on its own thread.
 */
public interface Machine extends HostTime {

    /** The host's clock; it does not go back. */
    Clock clock();

    /**
     * Sleeps until it is woken, until so many nanoseconds have passed since then, or for no reason. A wake-up that comes
     * after the caller has said that it sleeps, and before this, lets it return at once; and so does time.
     *
     * @param since what {@link #nanoTime} said
     * @param nanos {@link Long#MAX_VALUE} for ever
     * @return false, without having slept, when that time is over
     */
    boolean park(ProcArray.Entry sleeper, long since, long nanos);

    /** Wakes that process, whose thread sleeps in {@link #park} or is on the way there. */
    void unpark(ProcArray.Entry sleeper, Thread thread);

    /** As {@link #park}, and until a channel is ready; when the time is over it looks at the channels all the same. */
    boolean select(ProcArray.Entry sleeper, Selector selector, long since, long nanos) throws IOException;

    /** As {@link #unpark}, of {@link #select}. */
    void wakeup(ProcArray.Entry sleeper, Selector selector);

    /** Runs that after so long unless closed before; it must not block. */
    Held after(Duration time, Runnable then);

    /** The thread of that process is about to start; told before it does. */
    default void starts(ProcArray.Entry process) {}

    /** That process has done its last, or was given up and is waited for no more; may be told twice. */
    default void ended(ProcArray.Entry process) {}

    /** Something for the host's own threads has come: an event of the loop, a task of a pool. */
    default void workComes() {}

    /** A task of a pool begins; on its thread. */
    default void taskBegins() {}

    /** It is done, and what follows from it has come before. */
    default void workDone() {}
}
