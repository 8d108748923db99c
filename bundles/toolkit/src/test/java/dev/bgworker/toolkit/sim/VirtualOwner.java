package dev.bgworker.toolkit.sim;

import dev.bgworker.api.Proc;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.ipc.SharedMemory;
import dev.bgworker.api.process.Activity;
import dev.bgworker.api.process.HostTime;
import dev.bgworker.api.process.Inbox;
import dev.bgworker.api.process.Interrupts;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.process.ProcExit;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.process.WaitEventSet;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** One life of the process that has the set: it works when its latch is set, and only then; in virtual time. */
final class VirtualOwner implements Proc, Latch, HostTime {

    private final VirtualHost host;
    private final long pid;
    private final Runnable turn;
    private final Deque<Consumer<Scope.End>> callbacks = new ArrayDeque<>();
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private boolean set;
    /** Its turns begin when it is not at something. */
    private boolean busy;
    private boolean alive = true;
    private long alarm;

    /** @param turn what it does when its latch is set */
    VirtualOwner(VirtualHost host, Runnable turn) {
        this.host = host;
        this.turn = turn;
        this.pid = host.nextPid();
        host.owners.add(pid);
    }

    boolean alive() { return alive; }

    boolean busy() { return busy; }

    @Override
    public void set() {
        if (!set && alive) {
            set = true;
            boolean sleeps = !host.calm && host.dice.chance(0.03);
            host.agenda.after(host.dice.upTo(sleeps ? Duration.ofSeconds(40) : Duration.ofMillis(20)), this::wake);
        }
    }

    @Override
    public void reset() { set = false; }

    private void wake() {
        if (alive && set && !busy) {
            set = false;
            during(turn);
        }
    }

    /** Does that and nothing else meanwhile; what came is for afterwards. */
    void during(Runnable what) {
        busy = true;
        try {
            what.run();
        } catch (ProcExit expected) {
            host.trace.event(host.now(), "owner " + pid + " is gone"); // by QUIT, in the midst of it
        } finally {
            busy = false;
            if (set) {
                host.agenda.after(Duration.ZERO, this::wake);
            }
        }
    }

    /** Its turn comes by then at the latest. */
    void wakeIn(Duration time) {
        long mine = ++alarm;
        host.agenda.after(time, () -> {
            if (alarm == mine) {
                set();
            }
        });
    }

    @Override
    public boolean await(Duration timeout, String waitEvent) {
        Instant until = host.now().plus(timeout);
        while (!set && alive && host.now().isBefore(until)) {
            host.turn(until);
        }
        return set || !alive;
    }

    /** Its exit; false when QUIT came in between. */
    boolean exit(int status) {
        host.trace.event(host.now(), "owner " + pid + " exits with " + status);
        during(() -> {
            while (!callbacks.isEmpty()) {
                callbacks.pop().accept(new Scope.End(Scope.Event.BEFORE_SHMEM_EXIT, pid, 0, false, true, status));
            }
        });
        boolean whole = alive;
        if (alive) {
            quit();
        }
        return whole;
    }

    /** Its end without callbacks. */
    void quit() {
        alive = false;
        alarm++;
        callbacks.clear();
        host.owners.remove(pid);
        try {
            while (!owned.isEmpty()) {
                owned.pop().close();
            }
        } catch (Exception e) {
            throw new Broken("closing what an owner owned threw", e);
        }
    }

    @Override
    public long pid() { return pid; }

    @Override
    public HostTime time() { return this; }

    @Override
    public Instant now() { return host.now(); }

    @Override
    public long nanoTime() { return Duration.between(Agenda.START, host.now()).toNanos(); }

    @Override
    public Latch latch() { return this; }

    @Override
    public Interrupts interrupts() {
        return only(Interrupts.class, "check", argument -> {
            if (!alive) {
                throw new ProcExit(2);
            }
        });
    }

    @Override
    public Scope scope() {
        return (Scope) Proxy.newProxyInstance(Scope.class.getClassLoader(), new Class<?>[]{Scope.class},
                (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "own" -> owned.push((AutoCloseable) arguments[0]);
                        case "on" -> callbacks.push(callback(arguments[1]));
                        default -> throw new UnsupportedOperationException(method.getName());
                    }
                    return null;
                });
    }

    @SuppressWarnings("unchecked") // as Scope.on declares it
    private static Consumer<Scope.End> callback(Object argument) { return (Consumer<Scope.End>) argument; }

    private static <T> T only(Class<T> type, String name, Consumer<Object[]> answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (proxy, method, arguments) -> {
            if (!method.getName().equals(name)) {
                throw new UnsupportedOperationException(method.getName());
            }
            answer.accept(arguments);
            return null;
        }));
    }

    @Override
    public WaitEventSet waitEventSet() { throw new UnsupportedOperationException("no set asks for it"); }

    @Override
    public Session connect(ConnectTo target) { throw new UnsupportedOperationException("no set asks for it"); }

    @Override
    public Activity activity() { throw new UnsupportedOperationException("no set asks for it"); }

    @Override
    public SharedMemory shmem() { throw new UnsupportedOperationException("no set asks for it"); }

    @Override
    public Inbox<WorkerEvent> events() { throw new UnsupportedOperationException("it belongs to the author"); }
}
