package dev.bgworker.toolkit;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.process.Subprocess;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A scope that owns resources and traces how it ends. */
class ScriptedScope implements Scope {

    final String name;
    final List<String> trace;
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private boolean ended;

    ScriptedScope(String name, List<String> trace) {
        this.name = name;
        this.trace = trace;
    }

    @Override
    public Scope open(String child) { return new ScriptedScope(child, trace); }

    @Override
    public Held own(AutoCloseable resource) {
        owned.push(resource);
        return () -> owned.remove(resource);
    }

    @Override
    public FileChannel openFile(Path path, OpenOption... options) {
        throw new UnsupportedOperationException("not scripted");
    }

    @Override
    public Subprocess openPipeStream(ProcessBuilder program) { throw new UnsupportedOperationException("not scripted"); }

    @Override
    public Thread startThread(String thread, Runnable work) { throw new UnsupportedOperationException("not scripted"); }

    @Override
    public Held on(Event event, Consumer<End> callback) {
        trace.add(name + " on " + event);
        return () -> trace.add(name + " not on " + event);
    }

    @Override
    public Held lock(String lock, LockMode mode) { throw new UnsupportedOperationException("not scripted"); }

    @Override
    public Optional<Held> tryLock(String lock, LockMode mode) { throw new UnsupportedOperationException("not scripted"); }

    @Override
    public void commit() { end("commit"); }

    @Override
    public void abort() { end("abort"); }

    @Override
    public void close() {
        if (!ended) {
            abort();
        }
    }

    void end(String how) {
        trace.add(name + " " + how);
        ended = true;
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (Exception e) {
                throw new AssertionError("resource of " + name + " failed to close", e);
            }
        }
    }
}
