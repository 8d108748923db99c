package test_shm_mq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.bgworker.api.Backend;
import dev.bgworker.api.Backends;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts.Signal;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.felix.service.command.CommandSession;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.SignalHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The command on a host without a framework, given at a prompt whose terminal is the test. */
@Timeout(60)
class TestShmMqTest {

    private static final String ENDLESS = "--workers 3 --loops 1000000000000";

    private final SoakHost host = new SoakHost();
    private final AtomicReference<SignalHandler> handler = new AtomicReference<>(SignalHandler.SIG_DFL);
    private Function<Object[], Object> handle = args -> handler.getAndSet((SignalHandler) args[1]);

    @AfterEach
    void stop() { host.close(); }

    private static <T> T fake(Class<T> type, String method, Function<Object[], Object> answer) {
        Map<String, Function<Object[], Object>> methods = Map.of(method, answer);
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                (proxy, called, args) -> methods.get(called.getName()).apply(args)));
    }

    private Throwable failure(Backends backends, String line) {
        Terminal terminal = fake(Terminal.class, "handle", args -> handle.apply(args));
        CommandSession session = fake(CommandSession.class, "get", args -> terminal);
        TestShmMq command = new TestShmMq(host.workers(), backends);
        return catchThrowable(() -> command.run(session, line.split(" ")));
    }

    private Throwable failure(String line) { return failure(host.supervisor()::openBackend, line); }

    @Test
    void controlCAtThePromptShowsTheErrorOfTheBackend() {
        handle = args -> {
            SignalHandler before = handler.getAndSet((SignalHandler) args[1]);
            if (before == SignalHandler.SIG_DFL) {
                handler.get().handle(Terminal.Signal.INT);
            }
            return before;
        };

        assertThat(failure(ENDLESS)).isExactlyInstanceOf(ErrorException.class)
                .hasMessage("57014: canceling statement due to user request");
        assertThat(handler).as("the prompt's again").hasValue(SignalHandler.SIG_DFL);
    }

    @Test
    void theEndOfTheBackendIsNoSwallow() {
        try (Log log = new Log()) {
            Throwable failure = failure(name -> {
                Backend me = host.supervisor().openBackend(name);
                host.workers().signal(me.pid(), Signal.TERM);
                return me;
            }, ENDLESS);

            assertThat(failure).hasMessageStartingWith("57P01: ");
            assertThat(log.text()).doesNotContain("swallowed");
        }
    }

    @Test
    void aRingThatIsTooLargeIsToldInNumbersAndKeepsNoSlot() {
        assertThat(failure("--workers 9")).hasMessage("""
                53000: not enough background worker slots for a ring of 9 workers
                DETAIL: There are 8 slots, of which others have 0.
                HINT: Choose a smaller --workers, or increase "max_worker_processes".""");
        host.workers().list().forEach(left -> assertThat(awaitShutdown(left)).isEqualTo(Status.STOPPED));
    }

    private static Status awaitShutdown(BackgroundWorkerHandle left) {
        try {
            return left.awaitShutdown(Duration.ofSeconds(20)).status();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void queuesThatDoNotFitIntoASegmentAreToldByTheirOptions() {
        assertThat(failure("--workers 8 --queue_size 1073741823")).hasMessageStartingWith("22023: ")
                .hasMessageContaining("a queue of 1073741823 bytes for each worker and one more")
                .hasMessageEndingWith("Choose a smaller --workers or --queue_size.");
    }

    @Test
    void aFailureKeepsNoClassOfTheBundle() {
        Throwable failure = failure("--loops 0");

        assertThat(failure).isExactlyInstanceOf(ErrorException.class).hasNoCause();
        assertThat(failure.getStackTrace()).noneMatch(frame -> frame.getClassName().startsWith("test_shm_mq."));
    }
}
