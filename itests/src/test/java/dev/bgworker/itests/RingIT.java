package dev.bgworker.itests;

import static dev.bgworker.itests.Host.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts.Signal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.inject.Inject;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
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
import org.osgi.framework.wiring.BundleWiring;

/** The example test_shm_mq, from the shell: what goes round comes back, and whatever ends a ring, nothing of it is left. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class RingIT {

    private static final String ENDLESS = "test_shm_mq:run --workers 3 --loops 1000000000000";

    @Inject
    private BundleContext context;
    private Host host;

    @Configuration
    public static Option[] host() { return new Option[]{Provisioned.host(RingIT.class)}; }

    @Before
    public void dropTheExample() {
        host = new Host(context);
        if (host.file("test_shm_mq.jar").isEmpty()) {
            host.drop(host.shipped("examples", "test_shm_mq"), "test_shm_mq.jar");
        }
        host.awaitFile("test_shm_mq.jar", "CURRENT");
    }

    @After
    public void nothingIsLeft() {
        patiently().alias("workers").until(() -> host.server().workers().isEmpty());
        patiently().alias("backends").until(() -> host.server().activity().isEmpty());
        patiently().alias("threads").until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().contains("test_shm_mq")));
    }

    /** As Gogo runs it; who interrupts the calling thread does what a client does that hangs up. */
    private String run(String command, String... options) {
        CommandProcessor gogo = Host.service(CommandProcessor.class, context);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (CommandSession session = gogo.createSession(InputStream.nullInputStream(), out, out)) {
            patiently().until(() -> session.get("test_shm_mq:run") != null);
            return String.valueOf(((Function) session.get(command)).execute(session, List.of((Object[]) options)));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private String run(String line) {
        String[] words = line.split(" ");
        return run(words[0], Arrays.copyOfRange(words, 1, words.length));
    }

    @Test
    @Proves({"R157", "R158"})
    public void messagesOfAllSizesGoRoundOneAtATime() {
        assertThat(run("test_shm_mq:run --queue_size 65536 --message_size 64 --loops 1000 --workers 3"))
                .matches("1,000 messages of 64 bytes went round 3 workers in [\\d.]+ s, each compared with what was sent\n"
                        + "[\\d,]+ messages/s, [\\d,]+ bytes/s");
        assertThat(run("test_shm_mq:run --message_size 0 --loops 100")).startsWith("100 messages of 0 bytes");
        assertThat(run("test_shm_mq:run --queue_size 64 --message_size 1000 --loops 100 --workers 2"))
                .startsWith("100 messages of 1,000 bytes");
        assertThat(run("test_shm_mq:run --message_size 1000000 --loops 20")).startsWith("20 messages of 1,000,000 bytes");
    }

    @Test
    @Proves({"R160", "R161"})
    public void messagesOfAllSizesGoRoundPipelined() {
        assertThat(run("test_shm_mq:run --queue_size 65536 --message_size 64 --loops 100000 --workers 3 --pipelined"))
                .startsWith("100,000 messages of 64 bytes went round 3 workers, pipelined, in");
        assertThat(run("test_shm_mq:run --message_size 0 --loops 10000 --pipelined")).startsWith("10,000 messages");
        assertThat(run("test_shm_mq:run --queue_size 64 --message_size 100 --loops 1000 --pipelined --workers 2"))
                .startsWith("1,000 messages");
        assertThat(run("test_shm_mq:run --message_size 65536 --loops 500 --pipelined --no-verify"))
                .startsWith("500 messages").doesNotContain("compared");
    }

    /** More than there may be segments at once. */
    @Test
    @Proves({"R168", "R170"})
    public void aHundredRingsLeaveNoSegment() {
        for (int i = 0; i < 100; i++) {
            run("bgw:test_shm_mq --loops 1");
        }
    }

    @Test
    @Proves("R13")
    public void aRingThatIsTooLargeSaysWhichSettingIsTooSmall() {
        assertThat(catchThrowable(() -> run("test_shm_mq:run --workers 20"))).hasMessageStartingWith("53000: ")
                .hasMessageContaining("20 workers").hasMessageContaining("There are 8 slots")
                .hasMessageContaining("max_worker_processes");
        assertThat(catchThrowable(() -> run("test_shm_mq:run --queue_size 63"))).hasMessageStartingWith("22023: ")
                .hasMessageContaining("at least 64");
        assertThat(catchThrowable(() -> run("test_shm_mq:run --qeue_size 64"))).hasMessageContaining("--qeue_size")
                .hasMessageContaining("Usage: test_shm_mq:run");
        assertThat(run("test_shm_mq:run --help")).startsWith("Usage: test_shm_mq:run");
    }

    private Thread runner;

    /** One that runs until something ends it; what it says in the end. */
    private CompletableFuture<Throwable> endless(String more) {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        runner = new Thread(() -> end.complete(catchThrowable(() -> run(ENDLESS + more))), "endless");
        runner.setDaemon(true);
        runner.start();
        for (int i = 0; i < 3; i++) {
            host.awaitReady("test_shm_mq " + i);
        }
        return end;
    }

    private static Throwable end(CompletableFuture<Throwable> of) throws InterruptedException {
        try {
            return of.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("it does not end", e);
        }
    }

    @Test
    @Proves({"R163", "R166"})
    public void aWorkerThatDiesInTheMiddleIsNamed() throws InterruptedException {
        for (String more : new String[]{"", " --pipelined"}) {
            CompletableFuture<Throwable> end = endless(more);
            WorkerDetails middle = host.worker("test_shm_mq 1").orElseThrow();

            host.workers().signal(middle.pid(), Signal.TERM);

            assertThat(end(end)).hasMessageStartingWith("55000: message queue is detached")
                    .hasMessageContaining("\"test_shm_mq 1\"").hasMessageContaining("terminating background worker");
            nothingIsLeft();
        }
    }

    @Test
    public void anInterruptEndsIt() throws InterruptedException {
        for (String more : new String[]{"", " --pipelined"}) {
            CompletableFuture<Throwable> end = endless(more);

            runner.interrupt();

            assertThat(end(end)).hasMessageStartingWith("57014: ");
            nothingIsLeft();
        }
    }

    @Test
    @Proves("R13")
    public void whatOthersHoldOfTheSlotsIsTold() throws InterruptedException {
        CompletableFuture<Throwable> end = endless("");

        assertThat(catchThrowable(() -> run("test_shm_mq:run --workers 6"))).hasMessageStartingWith("53000: ")
                .hasMessageContaining("There are 8 slots, of which others have 3.");

        runner.interrupt();
        assertThat(end(end)).hasMessageStartingWith("57014: ");
    }

    @Test
    public void aWorkerThatWasPausedKeepsNoSlot() throws InterruptedException {
        CompletableFuture<Throwable> end = endless("");

        host.handle("test_shm_mq 1").pause("by the test");

        assertThat(end(end)).hasMessageStartingWith("55000: ");
        nothingIsLeft();
    }

    /** Gogo keeps it as {@code $exception}. */
    @Test
    public void aFailureKeepsNoClassOfItsBundle() {
        List<Throwable> kept = List.of(catchThrowable(() -> run("test_shm_mq:run --workers 20")),
                catchThrowable(() -> run("bgw:test_shm_mq --loops 10k")));
        WeakReference<ClassLoader> loader = new WeakReference<>(
                Arrays.stream(context.getBundles()).filter(each -> "test_shm_mq".equals(each.getSymbolicName())).findFirst()
                        .orElseThrow().adapt(BundleWiring.class).getClassLoader());

        host.remove("test_shm_mq.jar");

        patiently().until(() -> {
            System.gc();
            return loader.get() == null;
        });
        assertThat(kept).hasOnlyElementsOfType(ErrorException.class);
    }

    @Test
    @Proves("R14")
    public void itEndsWithItsBundle() throws InterruptedException {
        CompletableFuture<Throwable> end = endless("");

        host.remove("test_shm_mq.jar");

        assertThat(end(end)).isNotNull();
        nothingIsLeft();
        patiently().until(() -> host.file("test_shm_mq.jar").isEmpty());
    }
}
