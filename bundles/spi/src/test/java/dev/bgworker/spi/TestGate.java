package dev.bgworker.spi;

import dev.bgworker.api.host.EngineGate;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Held;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import static dev.bgworker.api.process.ErrorData.errcode;

/** A gate without interrupts: who is inside, what it does there, and how to cancel that. */
final class TestGate implements EngineGate {

    private record Inside(Runnable cancel, String doing, ClassLoader loader) {}

    private final AtomicReference<Inside> inside = new AtomicReference<>();
    private volatile boolean fenced;
    private final Map<String, Integer> times = new HashMap<>();
    volatile int passages;
    volatile String last = "";
    /** Told what is done in there, as it begins. */
    volatile Consumer<String> entered = doing -> {};

    @Override
    public Held enter(Runnable cancel, String doing) {
        if (fenced) {
            throw new FatalError(errcode("57P01", "abandoned"));
        }
        Inside now = new Inside(cancel, doing, Thread.currentThread().getContextClassLoader());
        if (!inside.compareAndSet(null, now)) {
            throw new IllegalStateException("already inside: " + inside.get().doing);
        }
        passages = passages + 1;
        last = doing;
        entered.accept(doing);
        synchronized (this) {
            times.merge(doing, 1, Integer::sum);
            notifyAll();
        }
        return () -> {
            if (inside.compareAndSet(now, null) && Thread.currentThread().getContextClassLoader() != now.loader) {
                throw new IllegalStateException("class loader not restored");
            }
        };
    }

    void cancel() {
        Inside now = inside.get();
        if (now != null) {
            now.cancel.run();
        }
    }

    boolean doing(String what) {
        Inside now = inside.get();
        return now != null && now.doing.equals(what);
    }

    void awaitDoing(String what) throws InterruptedException { awaitPassages(what, 1); }

    synchronized void awaitPassages(String what, int count) throws InterruptedException {
        while (times.getOrDefault(what, 0) < count) {
            wait();
        }
    }

    void fence() { fenced = true; }

    @Override
    public State state() { return inside.get() == null ? State.OUTSIDE : State.IN_ENGINE; }

    @Override
    public boolean fenced() { return fenced; }
}
