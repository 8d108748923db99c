package dev.bgworker.ipc.mq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.control.WorkerEvent.Kind;
import dev.bgworker.api.process.Held;
import dev.bgworker.ipc.IpcHost;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A worker, and when those who listen to it have heard of its end. */
final class HeardWorker {

    private final BackgroundWorkerHandle worker;
    private final List<CompletableFuture<Void>> listeners = new CopyOnWriteArrayList<>();

    HeardWorker(BackgroundWorkerHandle worker) { this.worker = worker; }

    /** The same worker; listeners that come this way are waited for. */
    BackgroundWorkerHandle handle() {
        return (BackgroundWorkerHandle) Proxy.newProxyInstance(HeardWorker.class.getClassLoader(),
                new Class<?>[]{BackgroundWorkerHandle.class}, (proxy, method, args) -> call(method, args));
    }

    private Object call(Method method, Object[] args) throws Throwable {
        try {
            return method.getName().equals("subscribe") ? subscribe(args[0]) : method.invoke(worker, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @SuppressWarnings("unchecked")
    private Held subscribe(Object listener) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        listeners.add(done);
        Held subscription = worker.subscribe(event -> {
            ((Consumer<WorkerEvent>) listener).accept(event);
            if (event.kind() == Kind.EXITED) {
                done.complete(null);
            }
        });
        return () -> {
            subscription.close();
            done.complete(null);
        };
    }

    /** Each, or it has left. */
    void awaitHeard() {
        assertThat(listeners).isNotEmpty().allSatisfy(
                each -> assertThat(each).succeedsWithin(IpcHost.LONG.toSeconds(), TimeUnit.SECONDS));
    }
}
