package dev.bgworker.ipc;

import dev.bgworker.api.Backend;
import dev.bgworker.api.ipc.Segment;
import dev.bgworker.supervisor.Supervisor;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A backend on a thread of its own, which does what it is told, one thing after the other. From any thread. */
public final class Peer implements AutoCloseable {

    /** What it is told. */
    @FunctionalInterface
    public interface Task<T> {
        T run(Backend me) throws Exception;
    }

    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final CompletableFuture<Backend> opened = new CompletableFuture<>();
    private final Thread thread;
    // Its thread only.
    private boolean over;

    Peer(Supervisor supervisor, String name) {
        thread = new Thread(() -> live(supervisor, name), "peer " + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void live(Supervisor supervisor, String name) {
        try (Backend me = supervisor.openBackend(name)) {
            opened.complete(me);
            while (!over) {
                tasks.take().run();
            }
        } catch (Throwable e) { // whoever waits for it is told
            opened.completeExceptionally(e);
        }
    }

    public long pid() { return get(opened).pid(); }

    /** Begins it; what it throws is in the future. */
    public <T> CompletableFuture<T> start(Task<T> task) {
        Backend me = get(opened);
        CompletableFuture<T> result = new CompletableFuture<>();
        tasks.add(() -> {
            try {
                result.complete(task.run(me));
            } catch (Throwable e) { // the test's to judge
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    /** Waits for it; throws what it throws. */
    public <T> T run(Task<T> task) { return get(start(task)); }

    public Thread thread() { return thread; }

    /** In the scope of the process. */
    Segment createSegment(long size) {
        return run(me -> me.shmem().createSegment(me.scope(), size));
    }

    /** Whether it can attach the segment. */
    boolean finds(long handle) {
        return run(me -> {
            var segment = me.shmem().attachSegment(me.scope(), handle);
            segment.ifPresent(Segment::close);
            return segment.isPresent();
        });
    }

    /** Closes what is its own. */
    void closes(AutoCloseable what) {
        run(me -> {
            what.close();
            return null;
        });
    }

    /** Throws what the task threw. */
    public static <T> T get(CompletableFuture<T> result) {
        try {
            return result.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failed) {
                throw failed;
            } else if (e.getCause() instanceof Error failed) {
                throw failed;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("it hangs", e);
        }
    }

    /** Until its thread sleeps in that wait event. */
    public void awaitWaiting(IpcHost host, String waitEvent) {
        host.awaitWaiting(pid(), waitEvent);
    }

    /** Asks for its exit, after what it was told before. */
    public void leave() { tasks.add(() -> over = true); }

    /** Its exit; waits for that. */
    @Override
    public void close() {
        leave();
        try {
            thread.join(20_000);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
