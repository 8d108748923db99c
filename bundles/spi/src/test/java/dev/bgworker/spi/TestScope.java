package dev.bgworker.spi;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.process.Subprocess;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import static dev.bgworker.api.process.ErrorData.errcode;

/** A node of the tree of scopes, with callbacks and owned resources; locks are not offered. */
final class TestScope implements Scope {

    private record Callback(Event event, Consumer<End> action) {}

    private final TestProcess process;
    private final TestScope parent;
    private final String name;
    private final Deque<Callback> callbacks = new ArrayDeque<>();
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    final List<TestScope> children = new ArrayList<>();
    boolean ended;

    TestScope(TestProcess process, TestScope parent, String name) {
        this.process = process;
        this.parent = parent;
        this.name = name;
    }

    @Override
    public Scope open(String child) {
        TestScope opened = new TestScope(process, this, child);
        children.add(opened);
        if (parent != null) {
            opened.fire(Event.SUB_START, false);
        }
        return opened;
    }

    @Override
    public Held own(AutoCloseable resource) {
        owned.push(resource);
        return () -> {
            if (owned.remove(resource)) {
                close(resource);
            }
        };
    }

    @Override
    public FileChannel openFile(Path path, OpenOption... options) { throw new UnsupportedOperationException("not offered"); }

    @Override
    public Subprocess openPipeStream(ProcessBuilder program) { throw new UnsupportedOperationException("not offered"); }

    @Override
    public Thread startThread(String thread, Runnable work) { throw new UnsupportedOperationException("not offered"); }

    @Override
    public Held on(Event event, Consumer<End> action) {
        Callback callback = new Callback(event, action);
        callbacks.push(callback);
        return () -> callbacks.remove(callback);
    }

    @Override
    public Held lock(String lock, LockMode mode) { throw new ErrorException(errcode("55P03", "no locks here")); }

    @Override
    public Optional<Held> tryLock(String lock, LockMode mode) { return Optional.empty(); }

    @Override
    public void commit() { throw new ErrorException(errcode("55000", "not by its owner")); }

    @Override
    public void abort() { commit(); }

    @Override
    public void close() { throw new UnsupportedOperationException("transactions are ended by release"); }

    void fire(Event event, boolean commit) {
        process.heard.add(event + " " + name);
        End end = new End(event, 0, 0, commit, parent == null, 0);
        for (TestScope at = this; at != null; at = at.parent) {
            List.copyOf(at.callbacks).stream().filter(each -> each.event == event).forEach(each -> each.action.accept(end));
        }
    }

    void release(boolean commit) {
        List.copyOf(children).forEach(child -> child.release(commit));
        fire(Event.RELEASE_BEFORE_LOCKS, commit);
        fire(Event.RELEASE_LOCKS, commit);
        fire(Event.RELEASE_AFTER_LOCKS, commit);
        ended = true;
        if (parent != null) {
            parent.children.remove(this);
        }
        while (!owned.isEmpty()) {
            close(owned.pop());
        }
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
