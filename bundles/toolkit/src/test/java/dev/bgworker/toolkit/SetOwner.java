package dev.bgworker.toolkit;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.Datum;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Latch;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestWorker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import static dev.bgworker.api.process.ErrorData.errcode;

/** A worker on the real supervisor that keeps a set, as a launcher does; what it is told to want is told by the test's thread. */
final class SetOwner implements WorkerMain {

    /** Does nothing until told to go. */
    static final WorkerMain IDLE = worker -> {
        worker.interrupts().unblock();
        worker.ready();
        while (true) {
            worker.latch().await(Latch.FOREVER, "Child");
            worker.latch().reset();
            worker.interrupts().check();
        }
    };

    static final WorkerMain FAILS = worker -> {
        throw new ErrorException(errcode("23505", "duplicate key").errdetail("Key (id)=(1).").errcontext("line 7"));
    };
    static final WorkerMain DONE = worker -> {};

    /** What each key's child runs; the next run's. */
    final Map<String, WorkerMain> mains = new ConcurrentHashMap<>();
    final Map<String, RestartPolicy> policies = new ConcurrentHashMap<>();
    /** Below 0 there is no definition. */
    final Map<String, Integer> versions = new ConcurrentHashMap<>();
    final List<WorkerEvent> events = new CopyOnWriteArrayList<>();
    private final TestHost host;
    private final Set<Flag> flags;
    private final ConcurrentLinkedQueue<Consumer<WorkerSet<String>>> asked = new ConcurrentLinkedQueue<>();
    private final Consumer<WorkerSet<String>> made;
    volatile List<String> wanted = List.of();
    /** Set by the owner's thread when it begins. */
    volatile WorkerContext process;

    /** One that waits for wishes, and comes back two seconds after a failure. */
    static SetOwner started(TestHost host, Consumer<WorkerSet<String>> made) {
        SetOwner owner = new SetOwner(host, Set.of(), made);
        owner.start(RestartPolicy.after(Duration.ofSeconds(2)));
        host.settle();
        return owner;
    }

    static List<WorkerEvent.Kind> kinds(List<WorkerEvent> events) { return events.stream().map(WorkerEvent::kind).toList(); }

    /** @param made what else is said of the set */
    SetOwner(TestHost host, Set<Flag> flags, Consumer<WorkerSet<String>> made) {
        this.host = host;
        this.flags = flags;
        this.made = made;
    }

    TestWorker start(RestartPolicy restart) {
        host.function(TestHost.LIBRARY, "child", () -> worker -> mains
                .getOrDefault(worker.entry().name(), IDLE).main(worker));
        return host.start(BackgroundWorker.builder("owner", TestHost.LIBRARY, "owner").flags(flags).restart(restart),
                () -> this);
    }

    @Override
    public void main(WorkerContext worker) throws Exception {
        process = worker;
        WorkerSet<String> set = WorkerSet.of(worker, host.workers(), this::definition);
        made.accept(set);
        set.onEvent((key, event) -> events.add(event));
        MainLoop.of(worker).run(turn -> {
            for (Consumer<WorkerSet<String>> next = asked.poll(); next != null; next = asked.poll()) {
                next.accept(set);
            }
            set.keep(wanted);
            set.nextDue().ifPresent(turn::again);
        });
    }

    private BackgroundWorker definition(String key) {
        if (versions.getOrDefault(key, 0) < 0) {
            return null;
        }
        return BackgroundWorker.builder(key, TestHost.LIBRARY, "child").mainArg(Datum.of(versions.getOrDefault(key, 0)))
                .flags(Set.of(Flag.SHMEM_ACCESS))
                .restart(policies.getOrDefault(key, RestartPolicy.after(Duration.ofSeconds(1))))
                .build();
    }

    /** These are wanted from now on; returns when all have come to rest. */
    void wants(String... keys) {
        wanted = List.of(keys);
        process.latch().set();
        host.settle();
    }

    /** Does that in the owner, before its next keep. */
    void does(Consumer<WorkerSet<String>> what) {
        asked.add(what);
        process.latch().set();
    }

    /** Children by name, all that are registered. */
    Map<String, State> children() {
        return registered().stream()
                .collect(Collectors.toMap(each -> each.definition().name(), WorkerDetails::state, (one, other) -> {
                    throw new AssertionError("two children of one key");
                }, TreeMap::new));
    }

    List<WorkerDetails> registered() {
        return host.workers().list().stream().map(BackgroundWorkerHandle::details)
                .filter(each -> each.definition().functionName().equals("child")).toList();
    }

    WorkerDetails child(String key) {
        return registered().stream().filter(each -> each.definition().name().equals(key)).findFirst().orElseThrow();
    }

    /** What was told of that key. */
    List<WorkerEvent> told(String key) {
        return events.stream().filter(each -> each.details().definition().name().equals(key)).toList();
    }
}
