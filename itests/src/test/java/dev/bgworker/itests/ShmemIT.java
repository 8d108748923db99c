package dev.bgworker.itests;

import static dev.bgworker.api.process.LockMode.EXCLUSIVE;
import static dev.bgworker.itests.Host.patiently;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.Backend;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.Datum;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.ipc.SharedMemory;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.itests.rendezvous.Rendezvous;
import dev.bgworker.itests.workers.CountsUnderALock;
import dev.bgworker.itests.workers.LooksAtShmem;
import dev.bgworker.itests.workers.Panics;
import dev.bgworker.itests.workers.PanicsHoldingAll;
import dev.bgworker.itests.workers.ReceivesTheRest;
import dev.bgworker.itests.workers.RequestsShmem;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/** Shared memory in a real host: library {@code early} is preloaded, others are dropped while it runs. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ShmemIT {

    @Inject
    private BundleContext context;
    private Host host;

    @Configuration
    public static Option[] host() {
        Option host = Provisioned.host(ShmemIT.class, "max_worker_processes = 16", "shared_preload_libraries = early");
        library("early").write(Path.of(System.getProperty("homes"), "ShmemIT", "lib", "early.jar"));
        return new Option[]{host};
    }

    private static TestBundle library(String name) {
        return TestBundle.of(name, "1.0.0").library(RequestsShmem.class).function("counts", CountsUnderALock.class)
                .function("looks", LooksAtShmem.class).function("panics", PanicsHoldingAll.class)
                .function("just_panics", Panics.class)
                .function("receives", ReceivesTheRest.class);
    }

    @Before
    public void connect() { host = new Host(context); }

    @After
    public void terminateAll() throws InterruptedException {
        for (BackgroundWorkerHandle each : host.workers().list()) {
            each.terminate();
            each.awaitShutdown(ofSeconds(10));
        }
    }

    private <T> T inABackend(Function<SharedMemory, T> work) {
        try (Backend me = host.backends().open("itests")) {
            return work.apply(me.shmem());
        }
    }

    private BackgroundWorkerHandle register(String name, String library, String function, Datum argument,
            RestartPolicy restart) {
        return host.workers()
                .register(BackgroundWorker.builder(name, library, function).mainArg(argument).restart(restart).build());
    }

    private BackgroundWorkerHandle looker(String name, String library, int lock) {
        return register(name, library, "looks", Datum.of(lock), RestartPolicy.after(ofSeconds(0)));
    }

    private static String awaitNote(String of, String text) {
        return patiently().alias(of + ": " + text).until(() -> Rendezvous.read(of).orElse(""), note -> note.contains(text));
    }

    @Test
    @Proves({"R130", "R135", "R136"})
    public void whatAPreloadedLibraryRequestedIsThereAndItsHookHasRun() throws InterruptedException {
        assertThat(looker("first look", "early", 0).awaitReady(ofSeconds(10)).ready()).isTrue();

        long epoch = inABackend(SharedMemory::epoch);
        assertThat(awaitNote("first look", "epoch")).startsWith("epoch " + epoch + ", found true")
                .endsWith("hook " + (100 * epoch + 1));
        assertThat(catchThrowableOfType(ErrorException.class,
                () -> inABackend(memory -> memory.initStruct("early", 24))).data().sqlState()).isEqualTo("22023");
    }

    @Test
    @Proves({"R133", "R143"})
    public void whatADroppedLibraryRequestsIsThereToo() throws InterruptedException {
        host.drop(library("late"), "late.jar");
        host.awaitFile("late.jar", "CURRENT");

        assertThat(looker("late look", "late", 1).awaitReady(ofSeconds(10)).ready()).isTrue();
        assertThat(awaitNote("late look", "epoch")).contains("found true").endsWith("1");
    }

    @Test
    @Proves({"R138", "R139"})
    public void whatTwoWorkersCountUnderALockIsNotLost() throws InterruptedException {
        long before = inABackend(memory -> memory.initStruct("early", 16).get(RequestsShmem.COUNTER));
        BackgroundWorkerHandle one = register("counter 1", "early", "counts", Datum.of(20_000), RestartPolicy.NEVER);
        BackgroundWorkerHandle other = register("counter 2", "early", "counts", Datum.of(20_000), RestartPolicy.NEVER);

        assertThat(one.awaitShutdown(ofSeconds(20)).exitStatus()).isZero();
        assertThat(other.awaitShutdown(ofSeconds(20)).exitStatus()).isZero();
        assertThat(inABackend(memory -> memory.initStruct("early", 16).get(RequestsShmem.COUNTER)) - before)
                .isEqualTo(40_000);
    }

    private void awaitWaiting(long pid, String event) {
        patiently().alias(pid + " waits for " + event).until(
                () -> host.server().activity().stream().anyMatch(row -> row.pid() == pid && event.equals(row.waitEvent())));
    }

    /** Backends on threads of their own: one that is in the midst of its work, one that waits for the lock. */
    private final class Onlooker {

        private final CompletableFuture<Long> waits = new CompletableFuture<>();
        private final CompletableFuture<ErrorException> told = new CompletableFuture<>();
        private final CountDownLatch crashed = new CountDownLatch(1);

        Onlooker(boolean forTheLock) {
            Thread thread = new Thread(() -> look(forTheLock), "onlooker");
            thread.setDaemon(true);
            thread.start();
        }

        private void look(boolean forTheLock) {
            try (Backend me = host.backends().open("onlooker")) {
                Area area = me.shmem().initStruct("early", 16);
                waits.complete(me.pid());
                if (forTheLock) {
                    me.shmem().lwlockTranche("early").get(0).acquire(EXCLUSIVE);
                } else {
                    crashed.await(20, TimeUnit.SECONDS);
                    area.get(0);
                }
                told.completeExceptionally(new AssertionError("it was not told"));
            } catch (ErrorException e) {
                told.complete(e);
            } catch (InterruptedException | RuntimeException | Error e) { // the test's to judge
                waits.completeExceptionally(e);
                told.completeExceptionally(e);
            }
        }

        void assertTold() {
            crashed.countDown();
            ErrorException error = patiently().until(() -> told.getNow(null), found -> found != null);
            assertThat(error.data().sqlState()).isEqualTo("55000");
            assertThat(error.data().message()).contains("a crash ended it");
        }
    }

    @Test
    @Proves({"R47", "R53", "R54", "R58", "R59"})
    public void nothingOfAWorkerThatPanicsInTheMidstOfAllIsLeft() throws InterruptedException {
        looker("bystander", "early", 1).awaitReady(ofSeconds(10));
        WorkerDetails bystander = host.worker("bystander").orElseThrow();
        long epoch = inABackend(SharedMemory::epoch);
        BackgroundWorkerHandle culprit = register("culprit", "early", "panics", Datum.of(0), RestartPolicy.NEVER);
        assertThat(culprit.awaitReady(ofSeconds(10)).ready()).as(culprit.details().toString()).isTrue();
        String[] left = awaitNote("culprit", " ").split(" ");
        assertThat(left[1]).as("it is in the middle of a message").isEqualTo("WOULD_BLOCK");
        Onlooker using = new Onlooker(false);
        Onlooker waiting = new Onlooker(true);
        BackgroundWorkerHandle receiver = register("receiver", "early", "receives", Datum.of(Long.parseLong(left[0])),
                RestartPolicy.after(ofSeconds(60)));
        BackgroundWorkerHandle waiter = looker("waiter", "early", 0);
        awaitWaiting(receiver.awaitStartup(ofSeconds(10)).pid(), "MessageQueueReceive");
        awaitWaiting(waiter.awaitStartup(ofSeconds(10)).pid(), "early");
        awaitWaiting(waiting.waits.join(), "early");
        using.waits.join();

        Rendezvous.open("panic");

        String found = "epoch " + (epoch + 1) + ", found true, counter 0, hook " + (100 * (epoch + 1) + 1);
        awaitNote("waiter", found);
        awaitNote("bystander", found);
        awaitNote("receiver", "no segment in epoch " + (epoch + 1));
        using.assertTold();
        waiting.assertTold();
        host.awaitReadyAfter("bystander", bystander.pid());
        patiently().until(() -> culprit.details().state() == State.STOPPED);
        assertThat(host.worker("culprit")).isEmpty();
        boolean free = inABackend(memory -> memory.lwlockTranche("early").get(0).conditionalAcquire(EXCLUSIVE).isPresent());
        assertThat(free).isTrue();
    }

    @Test
    @Proves({"R58", "R137"})
    public void hooksOfALibraryThatWentAreNotRunByAReset() throws InterruptedException {
        host.drop(library("gone"), "gone.jar");
        host.awaitFile("gone.jar", "CURRENT");
        assertThat(inABackend(memory -> memory.initStruct("gone", 16).get(RequestsShmem.HOOK)) % 100).isEqualTo(1);
        host.remove("gone.jar");
        patiently().until(() -> host.file("gone.jar").isEmpty());
        long epoch = inABackend(SharedMemory::epoch);

        register("culprit 2", "early", "just_panics", Datum.of(0), RestartPolicy.NEVER);

        // A backend that opens in the middle of the reset belongs to the epoch before, whose memory is gone.
        patiently().ignoreExceptionsInstanceOf(ErrorException.class)
                .until(() -> inABackend(SharedMemory::epoch) == epoch + 1);
        long hook = inABackend(memory -> memory.initStruct("gone", 16).get(RequestsShmem.HOOK));
        assertThat(hook).isZero();
    }

    @Test
    @Proves("R59")
    public void anUpdateOfTheProviderIsANewMemoryWithWhatLibrariesRequested() throws BundleException, InterruptedException {
        BackgroundWorkerHandle looker = looker("survivor", "early", 0);
        WorkerDetails first = looker.awaitReady(ofSeconds(10));
        long epoch = inABackend(SharedMemory::epoch);
        long counted = inABackend(memory -> memory.initStruct("early", 16).fetchAdd(RequestsShmem.COUNTER, 1)) + 1;
        assertThat(counted).isPositive();
        Bundle ipc = ipc();

        ipc.stop();
        assertThat(catchThrowableOfType(ErrorException.class, () -> inABackend(SharedMemory::epoch)).data().hint())
                .contains("dev.bgworker.ipc");
        ipc.start();

        host.workers().signal(first.pid(), Signal.USR1);
        host.awaitReadyAfter("survivor", first.pid());
        awaitNote("survivor", "counter 0, hook " + (100 * epoch + 1));
    }

    private Bundle ipc() {
        for (Bundle each : context.getBundles()) {
            if ("dev.bgworker.ipc".equals(each.getSymbolicName())) {
                return each;
            }
        }
        throw new AssertionError("the host has no dev.bgworker.ipc");
    }
}
