package dev.bgworker.itests;

import static dev.bgworker.itests.Host.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.itests.rendezvous.Rendezvous;
import dev.bgworker.itests.workers.HeldBack;
import dev.bgworker.itests.workers.Idle;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Good files come to deploy/, are replaced, and go. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class DropIT {

    private static final Logger LOG = LoggerFactory.getLogger(DropIT.class);

    @Inject
    private BundleContext context;
    private Host host;

    @Configuration
    public static Option[] host() {
        return new Option[]{Provisioned.host(DropIT.class, "max_worker_processes = 32", "library_grace = 1s")};
    }

    @Before
    public void hostIsUp() { host = new Host(context); }

    /** A library with one static worker of its own name. */
    private static TestBundle idle(String name, String version) {
        return TestBundle.of(name, version).annotated("main", Idle.class, Map.of("name", name));
    }

    private static TestBundle heldBack(String name, String version) {
        return TestBundle.of(name, version).annotated("main", HeldBack.class, Map.of("name", name));
    }

    private String version(String worker) {
        host.awaitReady(worker);
        return Rendezvous.read(worker).orElseThrow();
    }

    @Test
    public void dropRunsItsWorkerWithinSeconds() {
        long start = System.nanoTime();
        host.drop(idle("quick", "1.0.0"), "quick.jar");
        host.awaitReady("quick");
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        LOG.info("from the drop to the running worker: {} ms", took.toMillis());

        assertThat(took).isLessThan(Duration.ofSeconds(5));
        assertThat(host.awaitLog("library \"quick\"")).hasSize(1);
    }

    @Test
    public void rowsNameTheFile() {
        host.drop(idle("named", "1.0.0"), "some name.jar");
        host.awaitReady("named");

        assertThat(host.server().libraries()).filteredOn(row -> row.name().equals("named")).singleElement()
                .satisfies(row -> assertThat(row.file()).isEqualTo("some name.jar"))
                .satisfies(row -> assertThat(row.state()).isEqualTo("CURRENT"))
                .satisfies(row -> assertThat(row.version()).isEqualTo("1.0.0"));
    }

    @Test
    @Proves({"R8", "R32", "R62"})
    public void removalDrainsThenUnregistersThenUninstalls() {
        host.drop(heldBack("drained", "1.0.0"), "drained.jar");
        host.awaitReady("drained");

        host.remove("drained.jar");
        host.await("drained", State.STOPPING);
        assertThat(host.bundle("drained", "1.0.0")).hasValueSatisfying(
                bundle -> assertThat(bundle.getState()).isEqualTo(Bundle.ACTIVE));
        Rendezvous.open("let drained go");
        host.awaitGone("drained");
        patiently().until(() -> host.bundle("drained", "1.0.0").isEmpty() && host.file("drained.jar").isEmpty());
        assertThat(host.awaitLog("drained.jar was removed")).hasSize(1);
    }

    @Test
    @Proves("R8")
    public void newerVersionTakesOverWithIdentityKeptAndItsRemovalIsADowngrade() {
        host.drop(idle("renewed", "1.0.0"), "renewed-1.jar");
        assertThat(version("renewed")).isEqualTo("1.0.0");
        WorkerDetails first = host.awaitReady("renewed");

        host.drop(idle("renewed", "2.0.0"), "renewed-2.jar");
        WorkerDetails second = host.awaitReadyAfter("renewed", first.pid());
        assertThat(version("renewed")).isEqualTo("2.0.0");
        assertSameIdentity(second, first);
        assertThat(host.awaitFile("renewed-1.jar", "SHADOWED").reason()).contains("2.0.0");

        host.remove("renewed-2.jar");
        WorkerDetails third = host.awaitReadyAfter("renewed", second.pid());
        assertThat(version("renewed")).isEqualTo("1.0.0");
        assertSameIdentity(third, first);
        host.awaitFile("renewed-1.jar", "CURRENT");
    }

    /** Counters go on: each run after the first is a restart of the same registration. */
    private static void assertSameIdentity(WorkerDetails now, WorkerDetails before) {
        assertThat(now.slot()).isEqualTo(before.slot());
        assertThat(now.generation()).isEqualTo(before.generation());
        assertThat(now.restarts()).isGreaterThan(before.restarts());
    }

    @Test
    @Proves("R8")
    public void olderVersionBesideIsShadowedAndDisturbsNobody() {
        host.drop(idle("shadowing", "2.0.0"), "shadowing-2.jar");
        WorkerDetails before = host.awaitReady("shadowing");

        host.drop(idle("shadowing", "1.0.0"), "shadowing-1.jar");
        assertThat(host.awaitFile("shadowing-1.jar", "SHADOWED").reason()).contains("2.0.0");
        assertThat(host.awaitReady("shadowing").pid()).isEqualTo(before.pid());
        host.remove("shadowing-1.jar");
        patiently().until(() -> host.file("shadowing-1.jar").isEmpty());
        assertThat(host.awaitReady("shadowing").pid()).isEqualTo(before.pid());
    }

    @Test
    @Proves("R8")
    public void newVersionThatNoLongerDeclaresAWorkerUnregistersIt() {
        host.drop(TestBundle.of("shrinking", "1.0.0").annotated("a", Idle.class, Map.of("name", "shrinks"))
                .annotated("b", Idle.class, Map.of("name", "remains")), "shrinking.jar");
        host.awaitReady("shrinks");
        WorkerDetails before = host.awaitReady("remains");

        host.drop(TestBundle.of("shrinking", "2.0.0").annotated("b", Idle.class,
                Map.of("name", "remains", "restartSeconds", "7")), "shrinking.jar");
        host.awaitGone("shrinks");
        WorkerDetails after = host.awaitReadyAfter("remains", before.pid());
        assertThat(after.definition().restart().delay()).isEqualTo(Duration.ofSeconds(7));
        assertThat(after.slot()).isEqualTo(before.slot());
    }

    @Test
    public void overwritingWithTheSameVersionRunsTheNewCode() {
        host.drop(idle("same", "1.0.0"), "same.jar");
        WorkerDetails before = host.awaitReady("same");

        host.drop(TestBundle.of("same", "1.0.0").annotated("main", Idle.class, Map.of("name", "same", "mainArg", "5")),
                "same.jar");
        WorkerDetails after = host.awaitReadyAfter("same", before.pid());
        assertThat(after.definition().mainArg().asInt()).isEqualTo(5);
        assertThat(after.slot()).isEqualTo(before.slot());
        assertThat(host.server().libraries()).filteredOn(row -> row.name().equals("same")).hasSize(1);
    }

    @Test
    public void slowOverwriteInPlaceKeepsTheOldCodeUntilTheNewIsComplete() throws IOException {
        host.drop(idle("slow_copy", "1.0.0"), "slow_copy.jar");
        WorkerDetails before = host.awaitReady("slow_copy");
        byte[] bytes = Files.readAllBytes(idle("slow_copy", "2.0.0").write(host.scratch("slow_copy.jar")));
        Path file = host.folder("deploy/slow_copy.jar");

        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        host.awaitFile("slow_copy.jar", "REFUSED");
        assertThat(host.awaitReady("slow_copy").pid()).isEqualTo(before.pid());

        Files.write(file, bytes);
        host.awaitReadyAfter("slow_copy", before.pid());
        assertThat(version("slow_copy")).isEqualTo("2.0.0");
        host.awaitFileNot("slow_copy.jar", "REFUSED");
    }

    @Test
    public void libraryThatDrainsSlowlyDoesNotDelayAnother() {
        host.drop(heldBack("slow_drain", "1.0.0"), "slow_drain.jar");
        host.awaitReady("slow_drain");
        host.drop(heldBack("slow_drain", "2.0.0"), "slow_drain.jar");
        host.await("slow_drain", State.STOPPING);

        host.drop(idle("not_delayed", "1.0.0"), "not_delayed.jar");
        host.awaitReady("not_delayed");
        host.remove("not_delayed.jar");
        host.awaitGone("not_delayed");
        assertThat(host.await("slow_drain", State.STOPPING).pid()).isPositive();
        Rendezvous.open("let slow_drain go");
        assertThat(host.awaitReady("slow_drain").restarts()).isEqualTo(1);
    }

    @Test
    @Proves("R8")
    public void stopOfTheBundleFromOutsideWaitsForItsWorkersAndAStartBringsThemBack() throws Exception {
        host.drop(heldBack("stopped", "1.0.0"), "stopped.jar");
        WorkerDetails before = host.awaitReady("stopped");
        Bundle bundle = host.bundle("stopped", "1.0.0").orElseThrow();

        CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> stop(bundle));
        host.await("stopped", State.STOPPING);
        assertThat(isDone(stop)).isFalse();
        Rendezvous.open("let stopped go");
        stop.get(10, TimeUnit.SECONDS);
        assertThat(host.await("stopped", State.WAITING).reason()).contains("stopped", "is gone");

        bundle.start();
        assertSameIdentity(host.awaitReady("stopped"), before);
    }

    private static void stop(Bundle bundle) {
        try {
            bundle.stop();
        } catch (BundleException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A stop that does not wait is over in much less. */
    private static boolean isDone(CompletableFuture<Void> stop) throws InterruptedException, ExecutionException {
        try {
            stop.get(300, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException expected) { // it waits
            return false;
        }
    }

    @Test
    @Proves("R8")
    public void updateOfTheBundleFromOutsideKeepsIdentity() throws Exception {
        host.drop(idle("updated", "1.0.0"), "updated.jar");
        WorkerDetails before = host.awaitReady("updated");
        byte[] bytes = Files.readAllBytes(idle("updated", "1.1.0").write(host.scratch("updated.jar")));

        host.bundle("updated", "1.0.0").orElseThrow().update(new ByteArrayInputStream(bytes));
        WorkerDetails after = host.awaitReadyAfter("updated", before.pid());
        assertSameIdentity(after, before);
        assertThat(version("updated")).isEqualTo("1.1.0");
    }

    @Test
    @Proves("R8")
    public void workersOfALibraryThatStaysAwayForLibraryGraceAreUnregistered() throws Exception {
        host.drop(idle("away", "1.0.0"), "away.jar");
        WorkerDetails before = host.awaitReady("away");
        Bundle bundle = host.bundle("away", "1.0.0").orElseThrow();
        bundle.stop();

        host.await("away", State.WAITING);
        host.awaitGone("away");
        bundle.start();
        assertThat(host.awaitReady("away").restarts()).isZero();
        assertThat(host.awaitReady("away").generation()).isNotEqualTo(before.generation());
    }
}
