package dev.bgworker.itests;

import static dev.bgworker.itests.DynamicWorkers.LONG;
import static dev.bgworker.itests.DynamicWorkers.define;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.itests.rendezvous.Rendezvous;
import dev.bgworker.itests.workers.BrokenConstructor;
import dev.bgworker.itests.workers.Idle;
import dev.bgworker.itests.workers.NotesLoading;
import java.util.List;
import javax.inject.Inject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;

/** How library and function of a definition are found, and what becomes of a worker when they are not. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class LookUpIT {

    @Inject
    private BundleContext context;
    private Host host;
    private DynamicWorkers dynamic;

    @Configuration
    public static Option[] host() { return new Option[]{Provisioned.host(LookUpIT.class)}; }

    @Before
    public void dropLibrary() {
        host = new Host(context);
        dynamic = new DynamicWorkers(host.workers());
        if (host.file("simple.jar").isEmpty()) {
            host.drop(TestBundle.of("simple", "1.0.0").function("idle", Idle.class).function("broken",
                    BrokenConstructor.class), "simple.jar");
        }
        host.awaitFile("simple.jar", "CURRENT");
    }

    @After
    public void terminateAll() throws InterruptedException { dynamic.terminateAll(); }

    @Test
    @Proves("R50")
    public void missingLibraryIsTheWorkersErrorAndItsPolicyApplies() throws InterruptedException {
        BackgroundWorkerHandle never = dynamic.register(define("never", "nowhere", "main"));
        BackgroundWorkerHandle later = dynamic.register(define("later", "nowhere", "main").restart(RestartPolicy.DEFAULT));

        WorkerDetails gone = never.awaitShutdown(LONG);
        assertThat(gone.exitStatus()).isEqualTo(1);
        assertThat(gone.state()).isEqualTo(State.STOPPED);
        assertThat(gone.lastError().orElseThrow().sqlState()).isEqualTo("58P01");
        assertThat(gone.lastError().orElseThrow().message()).contains("nowhere");
        WorkerDetails waits = later.awaitShutdown(LONG);
        assertThat(waits.state()).isEqualTo(State.BACKOFF);
        assertThat(waits.nextStart()).isPresent();
    }

    @Test
    @Proves("R50")
    public void missingFunctionIsTheWorkersError() throws InterruptedException {
        WorkerDetails gone = dynamic.register(define("no function", "simple", "unknown")).awaitShutdown(LONG);

        assertThat(gone.exitStatus()).isEqualTo(1);
        assertThat(gone.lastError().orElseThrow().sqlState()).isEqualTo("42883");
        assertThat(gone.lastError().orElseThrow().message()).contains("unknown", "simple");
    }

    @Test
    @Proves("R17")
    public void libraryPostgresHasNoUnknownFunction() throws InterruptedException {
        WorkerDetails gone = dynamic.register(define("built in", "postgres", "unknown")).awaitShutdown(LONG);

        assertThat(gone.exitStatus()).isEqualTo(1);
        assertThat(gone.lastError().orElseThrow().message()).contains("unknown");
    }

    @Test
    @Proves("R50")
    public void constructorThatThrowsIsTheLastErrorInItsOwnWords() throws InterruptedException {
        WorkerDetails gone = dynamic.register(define("broken", "simple", "broken")).awaitShutdown(LONG);

        assertThat(gone.exitStatus()).isEqualTo(1);
        assertThat(gone.lastError().orElseThrow().message()).contains("the licence file is missing");
    }

    @Test
    @Proves("R6")
    public void libraryNameThatIsAPathIs58P01() throws InterruptedException {
        for (String name : List.of("a/b", "/etc/passwd", "..", "../simple", "a\\b", "simple\n", "")) {
            WorkerDetails gone = dynamic.register(define("path", name, "idle")).awaitShutdown(LONG);
            assertThat(gone.lastError().orElseThrow().sqlState()).as(name).isEqualTo("58P01");
            assertThat(gone.lastError().orElseThrow().message().chars()).as(name).noneMatch(Character::isISOControl);
        }
    }

    @Test
    @Proves("R8")
    public void libraryOfLibIsLoadedOnFirstNeedOnTheWorkersOwnThread() throws InterruptedException {
        TestBundle.of("on_demand", "1.0.0").function("idle", Idle.class).library(NotesLoading.class)
                .write(host.folder("lib/any name.jar"));
        assertThat(host.bundle("on_demand", "1.0.0")).isEmpty();

        WorkerDetails running = dynamic.register(define("first user", "on_demand", "idle")).awaitReady(LONG);
        assertThat(running.state()).isEqualTo(State.RUNNING);
        assertThat(Rendezvous.read("loading of on_demand")).contains(running.pid() + " first user");
        assertThat(host.awaitFile("any name.jar", "CURRENT").name()).isEqualTo("on_demand");
    }
}
