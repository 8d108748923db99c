package dev.bgworker.ipc.registry;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.api.host.WorkerResource.Phase;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Scope;
import dev.bgworker.ipc.dsm.Attachment;
import dev.bgworker.ipc.dsm.Mappings;
import dev.bgworker.ipc.dsm.SharedSegment;
import dev.bgworker.ipc.dsm.SharedSegment.Kind;
import dev.bgworker.ipc.memory.Member;
import dev.bgworker.ipc.memory.Part;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The named things as one process finds and makes them; mapped for its life. Owner thread only, except {@link #fence}. */
public final class OwnRegistry implements Part {

    private static final String WAIT_TYPE = "IPC";
    private static final String WAIT_EVENT = "DSMRegistry";

    /** What is mapped for a name, and whether it was there before. */
    public record Found(Attachment attachment, boolean found) {}

    private final Registry registry;
    private final Mappings mappings;
    private final Member member;
    private final WaitGraph waits;
    /** What this process initialises just now; the owner writes it. */
    private final Map<Initialisation, Name> mine = new ConcurrentHashMap<>();
    private volatile boolean fenced;

    public OwnRegistry(Registry registry, Mappings mappings, WaitGraph waits) {
        this.registry = registry;
        this.mappings = mappings;
        this.member = mappings.member();
        this.waits = waits;
    }

    /**
     * The thing of that name, initialised by exactly one process that did not fail.
     *
     * @param made a segment, new and with one mapping
     * @param init on it, without a lock
     */
    public Found find(String name, Kind kind, long size, Supplier<Attachment> made, Consumer<Attachment> init) {
        member.check();
        Name entry = member.raising(() -> registry.name(name, kind, size));
        while (true) {
            SharedSegment ready = entry.ready();
            if (ready != null) {
                return new Found(map(ready), true);
            }
            Initialisation running = entry.begin(member.entry());
            if (running == null) {
                continue;
            } else if (running.by() != member.entry()) {
                await(running);
            } else if (mine.putIfAbsent(running, entry) == null) {
                return new Found(initialise(entry, running, made, init), false);
            } else {
                throw member.error(errcode("55000", "\"" + name + "\" is being initialised by this process")
                        .errhint("Its own init cannot ask for it."));
            }
        }
    }

    /** A segment may be had again and again, an area once (R175). */
    private Attachment map(SharedSegment ready) {
        return mappings.find(ready.handle()).filter(each -> ready.kind() == Kind.SEGMENT)
                .or(() -> mappings.attach(processScope(), ready.handle(), ready.kind()))
                .orElseThrow(() -> member.error(errcode("55000", ready + " was unpinned and is gone")));
    }

    public Scope processScope() { return member.entry().proc().scope(); }

    private Attachment initialise(Name entry, Initialisation mineNow, Supplier<Attachment> make, Consumer<Attachment> init) {
        Attachment made = null;
        boolean done = false;
        if (fenced) { // who gave the process up may have looked before it was noted
            entry.end(mineNow, null);
        }
        try {
            made = make.get();
            init.accept(made);
            done = publish(entry, mineNow, made.segment());
            made.mapping().check();
            return made;
        } finally {
            mine.remove(mineNow);
            if (!done) {
                giveUp(entry, mineNow, made);
            }
        }
    }

    /** Pinned first, which is refused when the mapping was taken away meanwhile: what is ready can be attached to. */
    private boolean publish(Name entry, Initialisation mineNow, SharedSegment made) {
        return member.raising(() -> {
            mappings.segments().pin(made);
            boolean done = entry.end(mineNow, made);
            if (!done) {
                mappings.segments().unpin(made);
            }
            return done;
        });
    }

    private static void giveUp(Name entry, Initialisation mineNow, Attachment made) {
        try {
            if (made != null) {
                made.close();
            }
        } finally {
            entry.end(mineNow, null);
        }
    }

    private void await(Initialisation running) {
        ProcArray.Entry proc = member.entry();
        running.join(proc);
        try (Held inGraph = waits.waiting(proc, WAIT_TYPE, WAIT_EVENT, () -> blockers(running))) {
            while (!running.getAsBoolean()) {
                proc.sleep(() -> running.getAsBoolean() || member.epoch().over(), WAIT_TYPE, WAIT_EVENT);
                member.check();
                proc.checkInterrupts();
            }
        } finally {
            running.leave(proc);
        }
    }

    private static Set<Long> blockers(Initialisation running) {
        return running.getAsBoolean() ? Set.of() : Set.of(running.by().proc().pid());
    }

    @Override
    public void release(Phase phase, Scope scope, boolean commit) {}

    /** What it was initialising another repeats; nobody has seen its bytes. */
    @Override
    public boolean fence() {
        fenced = true;
        mine.forEach((running, entry) -> entry.end(running, null));
        return false;
    }
}
