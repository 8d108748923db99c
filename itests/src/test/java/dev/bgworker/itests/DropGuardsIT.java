package dev.bgworker.itests;

import static dev.bgworker.itests.Host.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.itests.rendezvous.Rendezvous;
import dev.bgworker.itests.workers.BrokenInit;
import dev.bgworker.itests.workers.Idle;
import dev.bgworker.itests.workers.ReadsInit;
import dev.bgworker.itests.workers.SlowInit;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
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
import org.osgi.framework.BundleException;

/** What a drop may not do to others, and what an operator may do to drops. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class DropGuardsIT {

    private static final Duration LONG = Duration.ofSeconds(30);

    @Inject
    private BundleContext context;
    private Host host;

    @Configuration
    public static Option[] host() {
        return new Option[]{Provisioned.host(DropGuardsIT.class, "max_worker_processes = 32", "library_grace = 1s")};
    }

    @Before
    public void findHost() { host = new Host(context); }

    private static TestBundle idle(String name, String version) {
        return TestBundle.of(name, version).annotated("main", Idle.class, Map.of("name", name));
    }

    private void awaitVersion(String worker, String version) {
        patiently().alias(worker + " " + version).until(() -> Rendezvous.read(worker).equals(Optional.of(version)));
    }

    @Test
    public void noBundleOfTheHostIsPushedAside() {
        Bundle database = Arrays.stream(context.getBundles())
                .filter(each -> "com.h2database".equals(each.getSymbolicName())).findFirst().orElseThrow();

        host.drop(TestBundle.of("com.h2database", "9.0.0"), "database.jar");

        assertThat(host.awaitFile("database.jar", "REFUSED").reason()).contains("installed otherwise");
        assertThat(database.getState()).isEqualTo(Bundle.ACTIVE);
        host.remove("database.jar");
    }

    @Test
    @Proves("R8")
    public void aFileThatBecomesAnotherLibraryLetsTheNextVersionOfTheFirstTakeOver() {
        host.drop(idle("first", "1.0.0"), "one.jar");
        awaitVersion("first", "1.0.0");
        host.drop(idle("first", "2.0.0"), "x.jar");
        awaitVersion("first", "2.0.0");

        host.drop(idle("second", "1.0.0"), "x.jar");

        awaitVersion("second", "1.0.0");
        awaitVersion("first", "1.0.0");
        assertThat(host.awaitReady("first").slot()).isNotNegative();
    }

    @Test
    public void aFileThatBecomesAnotherLibraryWhichDoesNotResolveKeepsTheFirstRunning() {
        host.drop(idle("kept", "1.0.0"), "kept.jar");
        long pid = host.awaitReady("kept").pid();

        host.drop(idle("bad", "1.0.0").importing("no.such.place"), "kept.jar");

        assertThat(host.awaitFile("kept.jar", "REFUSED").reason()).contains("no.such.place");
        assertThat(host.awaitReady("kept").pid()).isEqualTo(pid);
    }

    @Test
    public void aBundleUninstalledByHandIsNotMissed() throws BundleException {
        host.drop(idle("byhand", "2.0.0"), "byhand2.jar");
        awaitVersion("byhand", "2.0.0");
        host.bundle("byhand", "2.0.0").orElseThrow().uninstall();
        host.awaitGone("byhand");

        host.drop(idle("byhand", "1.0.0"), "byhand1.jar");

        awaitVersion("byhand", "1.0.0");
    }

    @Test
    @Proves("R8")
    public void nothingOfALibraryStartsBeforeItsInitIsOver() throws InterruptedException {
        host.drop(TestBundle.of("slow_init", "1.0.0").library(SlowInit.class).function("reads_init", ReadsInit.class),
                "slow_init.jar");
        patiently().until(() -> Rendezvous.read("init").isPresent());
        BackgroundWorkerHandle early = host.workers().register(BackgroundWorker.builder("early", "slow_init", "reads_init")
                .restart(RestartPolicy.NEVER).build());

        assertThat(early.awaitStartup(LONG).status()).isEqualTo(Status.STARTED);
        Rendezvous.open("let init end");

        assertThat(early.awaitShutdown(LONG).exitStatus()).isZero();
        assertThat(Rendezvous.read("early")).contains("over");
    }

    @Test
    public void anInitThatFailsWithAnErrorIsToldAndItsFileCanStillGo() {
        host.drop(idle("broken_init", "1.0.0").library(BrokenInit.class), "broken_init.jar");

        host.awaitReady("broken_init");
        assertThat(host.awaitLog("init of component")).anyMatch(line -> line.contains("broken_init"));
        host.remove("broken_init.jar");
        host.awaitGone("broken_init");
        patiently().until(() -> host.bundle("broken_init", "1.0.0").isEmpty());
    }
}
