package dev.bgworker.testing;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.Server.ActivityRow;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.host.ProcArray.Entry;
import dev.bgworker.api.process.Interrupts.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A worker as its test sees it. The test's thread alone. */
public final class TestWorker {

    private final TestHost host;
    private final BackgroundWorker definition;
    private final CallRecords records;
    private final Calls calls;
    /** In order; put in by the host's thread of events, taken out by the test's. */
    private final Queue<WorkerExit> exits = new ConcurrentLinkedQueue<>();
    /** Null before it is registered. */
    private BackgroundWorkerHandle handle;
    private boolean mayFail;

    TestWorker(TestHost host, BackgroundWorker definition, CallRecords records) {
        this(host, definition, records, records.make());
    }

    private TestWorker(TestHost host, BackgroundWorker definition, CallRecords records, Calls calls) {
        this.host = host;
        this.definition = definition;
        this.records = records;
        this.calls = calls;
    }

    /** One that somebody else has registered. */
    TestWorker(TestHost host, BackgroundWorkerHandle handle, CallRecords records) {
        this(host, handle.details().definition(), records, records.of(handle));
        watch(handle);
    }

    /** Registers it. */
    public TestWorker start() {
        records.holdRuns();
        try {
            BackgroundWorkerHandle registered = host.workers().register(definition);
            records.put(registered, calls);
            watch(registered);
        } finally {
            records.letRun();
        }
        return this;
    }

    private void watch(BackgroundWorkerHandle toWatch) {
        handle = toWatch;
        toWatch.subscribe(event -> {
            if (event.kind() == WorkerEvent.Kind.EXITED || event.kind() == WorkerEvent.Kind.START_FAILED) {
                exits.add(new WorkerExit(event.details().exitStatus(), event.details().lastError(), event.details()));
            }
        });
    }

    /** {@code bgw_name}. */
    public String name() { return definition.name(); }

    public BackgroundWorkerHandle handle() {
        if (handle == null) {
            throw new IllegalStateException("worker \"" + name() + "\" is not registered; call start()");
        }
        return handle;
    }

    boolean is(BackgroundWorkerHandle registered) { return registered.equals(handle); }

    /** As its handle tells; read after {@link #awaitIdle}. */
    public WorkerDetails details() { return handle().details(); }

    /** Of its present run; 0 when it does not run. */
    public long pid() { return details().pid(); }

    private boolean isAnother(Entry process) { return process.proc().pid() != pid(); }

    private Optional<Entry> process() { return host.supervisor().procArray().find(pid()); }

    /**
     * Returns when it waits, on its latch, a wait event set or for what it has asked the host, or does not run; and nothing is
     * on the way to it from the host. Of other workers nothing is said, see {@link TestHost#settle}.
     */
    public TestWorker awaitIdle() {
        host.course().settle(process -> handle != null && pid() != 0 && isAnother(process));
        return this;
    }

    /** The same, and that it waits in that wait event. */
    public TestWorker awaitIdle(String waitEvent) {
        awaitIdle();
        String waits = activity().map(ActivityRow::waitEvent).orElse(null);
        if (!waitEvent.equals(waits)) {
            throw new AssertionError("worker \"" + name() + "\" waits " + (waits == null ? "for nothing" : "in " + waits)
                    + " and not in " + waitEvent + ": " + details().state() + " " + details().reason());
        }
        return this;
    }

    /** Its row in {@code pg_stat_activity}; empty when it does not run. */
    public Optional<ActivityRow> activity() {
        long pid = pid();
        return host.supervisor().activity().stream().filter(row -> row.pid() == pid).findFirst();
    }

    /** One turn: time goes on to when it wakes by itself, or its latch is set if it never does. All come to rest. */
    public TestWorker step() {
        host.settle();
        Entry process = process().orElseThrow(() -> new AssertionError("worker \"" + name() + "\" does not run: "
                + details().state() + ", " + details().reason()
                + details().nextStart().map(at -> "; it starts again at " + at).orElse("")));
        long deadline = host.machine().deadline(process);
        if (deadline == SettableMachine.NEVER) {
            process.proc().latch().set();
            host.settle();
        } else {
            host.advance(Duration.ofNanos(deadline - host.machine().nanoTime()));
        }
        return this;
    }

    /** {@code kill}; fails when it does not run. */
    public TestWorker signal(Signal signal) {
        if (!host.workers().signal(pid(), signal)) {
            throw new AssertionError(
                    "worker \"" + name() + "\" does not run: " + details().state() + ", " + details().reason());
        }
        return this;
    }

    /**
     * How its next run ended that has not been told here; it has ended when it rests, or when all do, or this fails. What is
     * told here counts as expected.
     */
    public WorkerExit awaitExit() {
        awaitIdle();
        if (exits.isEmpty()) {
            host.settle(); // it may wait for others on its way out
        }
        WorkerExit exit = exits.poll();
        if (exit == null) {
            throw new AssertionError("worker \"" + name() + "\" has not exited: " + details().state()
                    + activity().map(row -> ", waits in " + row.waitEvent()).orElse(""));
        }
        return exit;
    }

    /** What it logged, over all its runs. */
    public List<LogLine> log() {
        return host.log().stream().filter(line -> calls.ranAs(line.pid())).toList();
    }

    /** How often it has called that, over all its runs, as {@code Transaction.commit}. */
    public long calls(String method) {
        return calls.count(ApiMethod.parse(method));
    }

    /**
     * Raises that in place of the nth call of that method from now on, as {@code fail("Spi.execute", 3, ...)}. An
     * ErrorException is an ERROR as the host raises it: the transaction it happens in has failed.
     */
    public TestWorker fail(String method, int nth, Throwable raised) {
        return plan(method, nth, false, session -> {
            throw raised;
        });
    }

    /** The same after the call was carried out: what it did is done, and its caller is not told so. */
    public TestWorker failAfter(String method, int nth, Throwable raised) {
        return plan(method, nth, true, session -> {
            throw raised;
        });
    }

    private TestWorker plan(String method, int nth, boolean after, Calls.Happening happening) {
        calls.plan(ApiMethod.parse(method), nth, after, happening);
        return this;
    }

    /** It stands still before the nth call of that method from now on, until it is let go. */
    public Breakpoint stopBefore(String method, int nth) {
        return stop(method, nth, false);
    }

    /** The same, when the call was carried out and has not returned yet. */
    public Breakpoint stopAfter(String method, int nth) {
        return stop(method, nth, true);
    }

    private Breakpoint stop(String method, int nth, boolean after) {
        Breakpoint breakpoint = host.breakpoint((after ? "the end of " : "") + method);
        plan(method, nth, after, session -> breakpoint.stand(host.supervisor().procArray().current()));
        return breakpoint;
    }

    /** It may end by an error that the test does not ask for. */
    public TestWorker mayFail() {
        mayFail = true;
        return this;
    }

    /** What of it a test should not leave behind. */
    List<String> leftovers() {
        List<String> amiss = new ArrayList<>();
        calls.pending().forEach(each -> amiss.add("worker \"" + name() + "\" never came to " + each));
        exits.stream().filter(each -> !mayFail && !each.orderly()).forEach(each -> amiss.add("worker \"" + name()
                + "\" ended with " + each + "; ask with awaitExit(), or say mayFail()"));
        return amiss;
    }
}
