package dev.bgworker.supervisor.process;

import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What all processes of a host share. A value of thread-safe parts.
 *
 * @param clock the host's
 * @param time the same clock, cheap and not quite exact
 * @param machine where processes sleep, and what they measure their own waits by
 * @param providers who attaches to processes
 * @param events listeners of scopes
 * @param waits who waits for whom
 * @param timers one thread for repeated cancels; nothing on it may block
 * @param calls for what may block for ever in foreign code: cancels, interrupts, ends of clients
 * @param names of wait events
 * @param supervisor what is known of it
 */
record Shared(Clock clock, CoarseTime time, Machine machine, Providers providers, ScopeEvents events, Waits waits,
        ScheduledExecutorService timers,
        Executor calls, WaitEventNames names, SupervisorFacts supervisor) {}
