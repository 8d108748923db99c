package dev.bgworker.supervisor.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WorkerResource;
import dev.bgworker.api.process.Scope;
import dev.bgworker.supervisor.HostClock;
import dev.bgworker.supervisor.Supervisor;
import dev.bgworker.supervisor.core.Limits;
import dev.bgworker.supervisor.process.FunctionLookup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A host's life on a real supervisor, with an engine that says what it was told and a framework that stops when asked. */
final class LifeOfAHost implements AutoCloseable {

    static final Duration LONG = Duration.ofSeconds(20);

    final Engine engine = new Engine();
    final BlockingQueue<State> announced = new LinkedBlockingQueue<>();
    final AtomicReference<Runnable> beforeStart = new AtomicReference<>(() -> {});
    final CountDownLatch asked = new CountDownLatch(1);
    final CountDownLatch ended = new CountDownLatch(1);
    final Supervisor supervisor;
    final HostLife life;
    private final AtomicReference<WorkerMain> main = new AtomicReference<>();

    LifeOfAHost(Path data) {
        supervisor = new Supervisor(new HostClock(), this::find, library -> Map.of(), Limits.DEFAULT, (status, why) -> {})
                .start();
        supervisor.addProvider(engine);
        life = new HostLife(supervisor, () -> LONG, data.resolve("standby.signal"), () -> beforeStart.get().run(),
                announced::add, this::framework);
    }

    /** A provider. */
    static final class Engine implements WorkerResource<Void, Engine> {

        private final List<String> told = new ArrayList<>();
        private String failing = "";

        /** At what it fails. */
        synchronized void fails(String what) { failing = what; }

        synchronized List<String> told() { return List.copyOf(told); }

        private synchronized void tell(String what) {
            told.add(what);
            if (failing.equals(what)) {
                throw new IllegalStateException("the engine fails at " + what);
            }
        }

        @Override
        public Class<Engine> type() { return Engine.class; }

        @Override
        public Engine attach(ProcArray.Entry proc, Void how) { return this; }

        @Override
        public void release(ProcArray.Entry proc, Phase phase, Scope scope, boolean commit) {
            // nobody attaches
        }

        @Override
        public void abort(ProcArray.Entry proc) { tell("abort"); }

        @Override
        public boolean fence(ProcArray.Entry proc) { return false; }

        @Override
        public void rebuild(long epoch) { tell("rebuild " + epoch); }

        @Override
        public void enter(State state) { tell(state.toString()); }
    }

    /** As the framework does: in a thread of its own. */
    void framework() {
        asked.countDown();
        Thread thread = new Thread(() -> {
            life.stop();
            ended.countDown();
        }, "framework");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        life.stop();
        System.clearProperty(HostLife.EXIT_STATUS);
    }

    private FunctionLookup.Function find(BackgroundWorker definition) {
        return new FunctionLookup.Function() {
            @Override
            public WorkerMain main() { return main.get(); }

            @Override
            public ClassLoader loader() { return LifeOfAHost.class.getClassLoader(); }

            @Override
            public void close() {
                // nothing was opened
            }
        };
    }

    void run(WorkerMain function) {
        main.set(function);
        supervisor.workersFor("test", library -> false)
                .register(BackgroundWorker.builder("one", "lib", "f").restart(RestartPolicy.NEVER).build());
    }

    /** The next state that is announced. */
    void await(State state) throws InterruptedException {
        assertThat(announced.poll(LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo(state);
    }

    void up() throws InterruptedException {
        life.start();
        await(State.CONSISTENT);
        await(State.RECOVERY_FINISHED);
    }
}
