package dev.bgworker.itests;

import static dev.bgworker.itests.Host.patiently;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.itests.rendezvous.Rendezvous;
import dev.bgworker.itests.workers.ChangesItsBundle;
import dev.bgworker.itests.workers.Idle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import javax.inject.Inject;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** Which version of a library runs when somebody stops, starts or replaces bundles other than by a drop. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class LibraryVersionsIT {

    private static final Duration LONG = ofSeconds(10);

    @Inject
    private BundleContext context;
    private Host host;

    @Configuration
    public static Option[] host() {
        return new Option[]{Provisioned.host(LibraryVersionsIT.class, "max_worker_processes = 32", "library_grace = 2s")};
    }

    @Before
    public void findHost() { host = new Host(context); }

    private static TestBundle idle(String name, String version) {
        return TestBundle.of(name, version).annotated("main", Idle.class, Map.of("name", name));
    }

    private void awaitVersion(String worker, String version) {
        patiently().alias(worker + " " + version)
                .until(() -> Rendezvous.read(worker).filter(version::equals).isPresent() && host.worker(worker)
                        .filter(each -> each.state() == State.RUNNING).isPresent());
    }

    private static BackgroundWorker define(String name, String library) {
        return BackgroundWorker.builder(name, library, "main").restart(RestartPolicy.NEVER).build();
    }

    @Test
    @Proves("R8")
    public void versionStoppedByHandStaysDownAndTheNextOneTakesOverUntilItIsStarted() throws Exception {
        host.drop(idle("byhand", "1.0.0"), "byhand-1.jar");
        awaitVersion("byhand", "1.0.0");
        host.drop(idle("byhand", "2.0.0"), "byhand-2.jar");
        awaitVersion("byhand", "2.0.0");
        WorkerDetails before = host.awaitReady("byhand");
        Bundle second = host.bundle("byhand", "2.0.0").orElseThrow();

        second.stop();
        awaitVersion("byhand", "1.0.0");
        assertThat(host.awaitReady("byhand").generation()).isEqualTo(before.generation());
        assertThat(host.awaitFile("byhand-2.jar", "STOPPED").reason()).contains("stopped", "version 1.0.0 is current");
        host.drop(idle("byhand", "1.5.0"), "byhand-15.jar");
        awaitVersion("byhand", "1.5.0");
        assertThat(second.getState()).isNotEqualTo(Bundle.ACTIVE);

        second.start();
        awaitVersion("byhand", "2.0.0");
        assertThat(host.awaitReady("byhand").generation()).isEqualTo(before.generation());
        assertThat(host.awaitFile("byhand-15.jar", "SHADOWED").reason()).contains("2.0.0");
    }

    @Test
    @Proves("R8")
    public void libraryWhoseOnlyVersionWasStoppedByHandIsNotStartedByAWorker() throws Exception {
        host.drop(idle("onlyone", "1.0.0"), "onlyone.jar");
        host.awaitReady("onlyone");
        host.bundle("onlyone", "1.0.0").orElseThrow().stop();
        host.awaitGone("onlyone");

        WorkerDetails refused = host.workers().register(define("wants it", "onlyone")).awaitShutdown(LONG);

        assertThat(refused.lastError().orElseThrow().sqlState()).isEqualTo("55000");
        assertThat(refused.lastError().orElseThrow().hint()).contains("Start that bundle");
        assertThat(host.awaitFile("onlyone.jar", "STOPPED").reason()).contains("until somebody starts it");
    }

    @Test
    @Proves("R8")
    public void ofEqualVersionsTheLowestBundleIdIsCurrent() throws Exception {
        Bundle first = context.installBundle("first",
                Files.newInputStream(idle("twin", "1.0.0").write(host.scratch("twin.jar"))));
        Bundle second = context.installBundle("second", Files.newInputStream(host.scratch("twin.jar")));
        second.start();
        long pid = host.awaitReady("twin").pid();

        first.start();

        host.awaitReadyAfter("twin", pid);
        assertThat(host.awaitFile("second", "SHADOWED").reason()).contains("bundle " + first.getBundleId(),
                "lowest bundle id");
        first.uninstall();
        second.uninstall();
        host.awaitGone("twin");
    }

    @Test
    @Proves("R8")
    public void fileReplacedInLibIsLoadedWhenAWorkerStartsAndNoOtherRuns() throws Exception {
        replace("ondemand.jar", TestBundle.of("ondemand", "1.0.0").function("main", Idle.class));
        BackgroundWorkerHandle first = host.workers().register(define("first", "ondemand"));
        first.awaitReady(LONG);
        assertThat(Rendezvous.read("first")).contains("1.0.0");

        replace("ondemand.jar", TestBundle.of("ondemand", "1.1.0").function("main", Idle.class));
        BackgroundWorkerHandle beside = host.workers().register(define("beside", "ondemand"));
        beside.awaitReady(LONG);
        assertThat(Rendezvous.read("beside")).contains("1.0.0");
        assertThat(host.awaitFile("ondemand.jar", "WAITING").version()).isEqualTo("1.1.0");
        end(first);
        end(beside);
        BackgroundWorkerHandle next = host.workers().register(define("next", "ondemand"));

        next.awaitReady(LONG);
        patiently().until(() -> Rendezvous.read("next").filter("1.1.0"::equals).isPresent());
        assertThat(host.awaitFile("ondemand.jar", "CURRENT").version()).isEqualTo("1.1.0");
        host.awaitFileNot("ondemand.jar", "WAITING");
        end(next);
        patiently().until(() -> host.bundle("ondemand", "1.0.0").isEmpty());
    }

    @Test
    @Proves("R8")
    public void fileInLibThatDoesNotResolveIsRefusedAndWhatIsLoadedRunsOn() throws Exception {
        replace("sound.jar", TestBundle.of("soundlib", "1.0.0").function("main", Idle.class));
        end(ready(define("sound 1", "soundlib")));
        replace("sound.jar", TestBundle.of("soundlib", "2.0.0").function("main", Idle.class).importing("no.such.place"));

        end(ready(define("sound 2", "soundlib")));

        assertThat(Rendezvous.read("sound 2")).contains("1.0.0");
        assertThat(host.awaitFile("sound.jar", "REFUSED").reason()).contains("no.such.place");
        end(ready(define("sound 3", "soundlib")));
        assertThat(host.awaitLog("sound.jar is refused")).hasSize(1);
    }

    private BackgroundWorkerHandle ready(BackgroundWorker worker) throws InterruptedException {
        BackgroundWorkerHandle handle = host.workers().register(worker);
        assertThat(handle.awaitReady(LONG).ready()).isTrue();
        return handle;
    }

    private static void end(BackgroundWorkerHandle worker) throws InterruptedException {
        worker.terminate();
        assertThat(worker.awaitShutdown(LONG).state()).isEqualTo(State.STOPPED);
    }

    private void replace(String name, TestBundle bundle) throws IOException {
        Path beside = bundle.write(host.scratch(name));
        Files.move(beside, host.folder("lib").resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    @Proves("R73")
    public void workerMayUpdateItsOwnBundleAndComesBackWithTheNewCode() {
        TestBundle next = TestBundle.of("selfupdate", "2.0.0").annotated("main", ChangesItsBundle.class,
                Map.of("name", "selfupdate"));
        Rendezvous.note("new code", next.write(host.scratch("selfupdate-2.jar")).toString());
        host.drop(TestBundle.of("selfupdate", "1.0.0").annotated("main", ChangesItsBundle.class,
                Map.of("name", "selfupdate")), "selfupdate.jar");

        patiently().until(() -> Rendezvous.read("selfupdate").filter("2.0.0"::equals).isPresent());
        assertThat(host.awaitReady("selfupdate").restarts()).isEqualTo(1);
    }

    @Test
    @Proves("R73")
    public void workerMayUninstallItsOwnBundleAndIsGone() throws InterruptedException {
        Rendezvous.clear();
        host.drop(TestBundle.of("selfless", "1.0.0").annotated("main", ChangesItsBundle.class, Map.of("name", "selfless")),
                "selfless.jar");

        assertThat(Rendezvous.pass("change by selfless returned", LONG)).isTrue();
        host.awaitGone("selfless");
        patiently().until(() -> host.bundle("selfless", "1.0.0").isEmpty());
    }
}
