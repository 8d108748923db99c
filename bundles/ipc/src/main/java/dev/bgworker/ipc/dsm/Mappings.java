package dev.bgworker.ipc.dsm;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WorkerResource.Phase;
import dev.bgworker.api.process.PanicError;
import dev.bgworker.api.process.Scope;
import dev.bgworker.ipc.dsm.SharedSegment.Kind;
import dev.bgworker.ipc.memory.Bytes;
import dev.bgworker.ipc.memory.Mapping;
import dev.bgworker.ipc.memory.Member;
import dev.bgworker.ipc.memory.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code dsm_segment_list}: what one process has mapped, and which scope owns it. Owner thread only, except {@link #fence}. */
public final class Mappings implements Part {

    private static final Logger LOG = LoggerFactory.getLogger(Mappings.class);

    private final Member member;
    private final Segments segments;
    private final Consumer<Bytes> unmapping;
    /** In the order of their coming; written by the owner. */
    private final List<Attachment> all = new CopyOnWriteArrayList<>();
    private final AtomicBoolean joined = new AtomicBoolean(true);

    /** @param unmapping lets go of what the process has in a block that it can still use; throws nothing (R166) */
    public Mappings(Member member, Segments segments, Consumer<Bytes> unmapping) {
        this.member = member;
        this.segments = segments;
        this.unmapping = unmapping;
        segments.join();
    }

    public Member member() { return member; }

    public Segments segments() { return segments; }

    public Attachment create(Scope owner, long size, Kind kind) {
        checkOpen(owner);
        return add(owner, member.raising(() -> segments.create(size, kind)));
    }

    /** Empty when there is no such segment. */
    public Optional<Attachment> attach(Scope owner, long handle, Kind kind) {
        checkOpen(owner);
        if (find(handle).isPresent()) {
            throw member.error(errcode("55000", "can't attach the same segment more than once")
                    .errdetail(kind.words() + " " + handle + " is attached by this process.")
                    .errhint("Use the one that it has, or detach first."));
        }
        return member.raising(() -> segments.attach(handle, kind)).map(there -> add(owner, there));
    }

    /** What this process has mapped of that handle. */
    public Optional<Attachment> find(long handle) {
        return all.stream().filter(each -> each.segment().handle() == handle).findFirst();
    }

    /** Noted first, then asked whether the process was given up: who gives it up looks the other way round. */
    private Attachment add(Scope owner, SharedSegment segment) {
        Attachment added = new Attachment(this, segment, owner);
        all.add(added);
        if (member.fenced()) {
            all.remove(added);
            added.giveUp();
            member.check();
        }
        return added;
    }

    /** To own nothing is refused by a scope that has ended, or is another process's. */
    private void checkOpen(Scope owner) {
        member.check();
        if (owner == null) {
            throw member.error(errcode("22023", "no scope is given to own the mapping")
                    .errhint("Take the scope of the process to keep it for the session."));
        }
        owner.own(() -> {}).close();
    }

    void remove(Attachment attachment) { all.remove(attachment); }

    void raising(Consumer<Segments> call) {
        member.raising(() -> {
            call.accept(segments);
            return null;
        });
    }

    void unmap(Mapping mapping) {
        if (!mapping.detached()) {
            unmapping.accept(mapping.bytes());
            mapping.detach();
        }
    }

    @Override
    public void release(Phase phase, Scope scope, boolean commit) {
        if (phase == Phase.BEFORE_LOCKS && !all.isEmpty() && scope != member.entry().proc().scope()) {
            endOf(scope, commit);
        } else if (phase == Phase.DSM || phase == Phase.PROC) {
            latestFirst(each -> true).forEach(this::detach);
            if (phase == Phase.PROC) {
                leave();
            }
        }
    }

    private List<Attachment> latestFirst(Predicate<Attachment> which) {
        List<Attachment> picked = new ArrayList<>(0);
        for (Attachment each : all) {
            if (which.test(each)) {
                picked.add(0, each);
            }
        }
        return picked;
    }

    /** R168: a subtransaction's go up at its commit, a transaction's are a leak then; any other end detaches silently. */
    private void endOf(Scope scope, boolean commit) {
        List<Attachment> left = latestFirst(each -> each.owner() == scope);
        if (left.isEmpty()) {
            return;
        }
        ProcArray.Entry proc = member.entry();
        boolean transaction = commit && proc.transaction(scope);
        Optional<Scope> heir = transaction ? proc.parentTransaction(scope) : Optional.empty();
        for (Attachment each : left) {
            if (heir.isPresent()) {
                each.owner(heir.get());
                continue;
            } else if (transaction) {
                LOG.warn("resource was not closed: {}", each);
            }
            if (!defer(each)) {
                detach(each);
            }
        }
    }

    /**
     * A process that must leave cannot use the host before its exit, so neither could the callbacks: they are run there, as
     * FATAL goes to {@code proc_exit} before anything is released.
     */
    boolean defer(Attachment attachment) {
        if (attachment.callbacks().none() || !member.entry().leaving()) {
            return false;
        }
        attachment.owner(member.entry().proc().scope());
        return true;
    }

    private void detach(Attachment attachment) {
        Throwable thrown = attachment.detach();
        if (thrown instanceof PanicError panic) {
            member.errfinish(panic);
        }
        if (thrown != null) {
            LOG.error("a detach callback of {} failed; the rest went on", attachment, thrown);
        }
    }

    private void leave() {
        if (joined.compareAndSet(true, false)) {
            segments.leave();
        }
    }

    /** To have something mapped is no crash. */
    @Override
    public boolean fence() {
        all.forEach(Attachment::giveUp);
        leave();
        return false;
    }
}
