package dev.bgworker.itests;

import static dev.bgworker.itests.Host.patiently;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WorkerResource;
import dev.bgworker.api.process.Scope;
import dev.bgworker.itests.workers.Idle;
import dev.bgworker.itests.workers.Panics;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;

/** A crash of a worker with access to shared memory, in a real host. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class CrashResetIT {

    @Inject
    private BundleContext context;

    @Configuration
    public static Option[] host() { return new Option[]{Provisioned.host(CrashResetIT.class, "max_worker_processes = 16")}; }

    /** Stands in for shared memory. */
    private static final class StandIn implements WorkerResource<Void, StandIn> {

        private final List<Long> rebuilt = new CopyOnWriteArrayList<>();

        @Override
        public Class<StandIn> type() { return StandIn.class; }

        @Override
        public StandIn attach(ProcArray.Entry proc, Void how) { return this; }

        @Override
        public void release(ProcArray.Entry proc, Phase phase, Scope scope, boolean commit) {
            // nobody attaches
        }

        @Override
        public void abort(ProcArray.Entry proc) {
            // nothing is under way
        }

        @Override
        public boolean fence(ProcArray.Entry proc) { return false; }

        @Override
        public void rebuild(long epoch) { rebuilt.add(epoch); }

        @Override
        public void enter(Server.State state) {
            // nothing to open
        }
    }

    @Test
    @Proves({"R47", "R53", "R54", "R55", "R58"})
    public void thoseWithAccessToSharedMemoryComeBackAndTheOthersNoticeNothing() throws InterruptedException {
        Host host = new Host(context);
        StandIn memory = new StandIn();
        context.registerService(WorkerResource.class, memory, new Hashtable<>());
        host.drop(TestBundle.of("sharers", "1.0.0").annotated("one", Idle.class, Map.of("name", "sharer 1"))
                .annotated("two", Idle.class, Map.of("name", "sharer 2")).function("idle", Idle.class)
                .function("panics", Panics.class), "sharers.jar");
        WorkerDetails first = host.awaitReady("sharer 1");
        WorkerDetails second = host.awaitReady("sharer 2");
        BackgroundWorkerHandle loner = host.workers()
                .register(BackgroundWorker.builder("loner", "sharers", "idle").flags(Set.of()).build());
        long alone = loner.awaitReady(ofSeconds(10)).pid();
        BackgroundWorkerHandle bystander = host.workers()
                .register(BackgroundWorker.builder("bystander", "sharers", "idle").restart(RestartPolicy.NEVER).build());
        bystander.awaitReady(ofSeconds(10));

        BackgroundWorkerHandle crashes = host.workers()
                .register(BackgroundWorker.builder("crashes", "sharers", "panics").restart(RestartPolicy.NEVER).build());

        assertSame(host.awaitReadyAfter("sharer 1", first.pid()), first);
        assertSame(host.awaitReadyAfter("sharer 2", second.pid()), second);
        assertThat(memory.rebuilt).as("built when it came, and after the crash").containsExactly(0L, 1L);
        assertThat(loner.details().pid()).isEqualTo(alone);
        assertThat(loner.details().restarts()).isZero();
        for (BackgroundWorkerHandle never : List.of(crashes, bystander)) {
            patiently().until(() -> never.details().state() == State.STOPPED);
            assertThat(host.worker(never.details().definition().name())).isEmpty();
        }
        assertThat(host.awaitLog("crashed")).anyMatch(line -> line.contains("\"crashes\""));
        assertThat(host.server().state()).isEqualTo(Server.State.RECOVERY_FINISHED);
    }

    private static void assertSame(WorkerDetails now, WorkerDetails before) {
        assertThat(now.slot()).isEqualTo(before.slot());
        assertThat(now.generation()).isEqualTo(before.generation());
        assertThat(now.restarts()).isEqualTo(before.restarts() + 1);
    }
}
