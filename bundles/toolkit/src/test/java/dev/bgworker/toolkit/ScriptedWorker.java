package dev.bgworker.toolkit;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.ipc.SharedMemory;
import dev.bgworker.api.process.Activity;
import dev.bgworker.api.process.HostTime;
import dev.bgworker.api.process.Inbox;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.process.ProcExit;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.process.WaitEventSet;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A worker without a host: what happens to it, and when, is scripted in virtual time, which passes only while it waits on
 * its latch. What it calls is kept in {@link #trace}.
 */
final class ScriptedWorker implements WorkerContext {

    final List<String> trace = new ArrayList<>();
    final Map<String, String> settings = new HashMap<>();
    final ScriptedLatch latch = new ScriptedLatch();
    final ScriptedSignals signals = new ScriptedSignals(trace, latch);

    final ScriptedSession session = new ScriptedSession(trace);
    /** What the wall clock shows at the virtual time zero; a script sets the clock by another one. */
    Instant wallClock = Instant.EPOCH;
    final ScriptedSockets sockets = new ScriptedSockets(latch);
    private final String name;

    ScriptedWorker() { this("SPI worker 1"); }

    ScriptedWorker(String name) { this.name = name; }

    MainLoop loop() { return MainLoop.of(this); }

    @Override
    public long pid() { return 1; }

    @Override
    public HostTime time() {
        return new HostTime() {
            @Override
            public Instant now() { return wallClock.plusNanos(latch.nanoTime()); }

            @Override
            public long nanoTime() { return latch.nanoTime(); }
        };
    }

    @Override
    public Latch latch() { return latch; }

    @Override
    public WaitEventSet waitEventSet() { return sockets; }

    @Override
    public ScriptedSignals interrupts() { return signals; }

    @Override
    public Scope scope() { return new ScriptedScope("process", trace); }

    @Override
    public Session connect(ConnectTo target) {
        trace.add("connect " + target.database());
        return session;
    }

    @Override
    public Activity activity() {
        return new Activity() {
            @Override
            public void report(State state, String query) { trace.add(state + (query == null ? "" : " " + query)); }

            @Override
            public void applicationName(String name) { trace.add("application_name " + name); }

            @Override
            public Instant backendStart() { return Instant.EPOCH; }

            @Override
            public void statementStart() { trace.add("statementStart"); }

            @Override
            public void flushStatistics() {
                // nothing is counted here; StatisticsTest sees it on the host
            }

            @Override
            public Instant statementTimestamp() { return Instant.EPOCH; }
        };
    }

    @Override
    public SharedMemory shmem() { throw new UnsupportedOperationException("no loop asks for it"); }

    @Override
    public Inbox<WorkerEvent> events() { throw new UnsupportedOperationException("no loop asks for it"); }

    @Override
    public BackgroundWorker entry() { return BackgroundWorker.builder(name, "worker_spi", "worker_spi_main").build(); }

    @Override
    public Map<String, String> settings() { return Map.copyOf(settings); }

    @Override
    public void ready() { trace.add("ready"); }

    @Override
    public ProcExit exit(int status) { return new ProcExit(status); }

    /** When virtual time is there, that signal comes. */
    ScriptedWorker at(Duration time, Signal signal) {
        latch.at(time, () -> signals.send(signal));
        return this;
    }
}
