package dev.bgworker.testing;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Latch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static dev.bgworker.api.process.ErrorData.errcode;
import static org.assertj.core.api.Assertions.assertThat;

/** A worker that another one registers under a name, again and again, as a launcher does with its children. */
@ExtendWith(BgworkerExtension.class)
class LaunchedAnewTest {

    private static final BackgroundWorker CHILD = BackgroundWorker.builder("child", TestHost.LIBRARY, "child")
            .restart(RestartPolicy.NEVER).build();

    private TestHost host;

    @BeforeEach
    void open(TestHost host) {
        this.host = host;
        host.function(TestHost.LIBRARY, "child", () -> Workers::waitForEver);
    }

    /** Registers the child whenever its latch is set; the first is not there before. */
    private TestWorker launcher() {
        BackgroundWorkers workers = host.workers();
        return host.start(worker -> {
            worker.interrupts().unblock();
            while (true) {
                worker.latch().await(Latch.FOREVER, "Launcher");
                worker.latch().reset();
                worker.interrupts().check();
                workers.register(CHILD);
            }
        });
    }

    @Test
    void workerOfThatNameIsTheOneThatIsRegisteredNow() {
        TestWorker launcher = launcher().step();
        TestWorker first = host.worker("child").awaitIdle("Waits");
        long pid = first.pid();
        ended(first);

        launcher.step();
        TestWorker second = host.worker("child").awaitIdle("Waits");

        assertThat(second).isNotSameAs(first).isSameAs(host.worker("child"));
        assertThat(second.pid()).isGreaterThan(pid);
        assertThat(second.details().state()).isEqualTo(State.RUNNING);
        assertThat(first.details().state()).isNotEqualTo(State.RUNNING);
        second.fail("Latch.await", 1, new ErrorException(errcode("XX000", "hit")));
        second.step();
        assertThat(second.awaitExit().error()).hasValueSatisfying(error -> assertThat(error.message()).isEqualTo("hit"));
    }

    @Test
    void oneThatIsGoneIsFoundUntilAnotherTakesItsNameAndOfTwoTheLaterOne() {
        TestWorker launcher = launcher().step();
        TestWorker first = ended(host.worker("child"));
        assertThat(host.worker("child")).isSameAs(first);

        launcher.step();
        TestWorker second = ended(host.worker("child"));

        assertThat(second).isNotSameAs(first);
        assertThat(host.worker("child")).isSameAs(second);
    }

    private static TestWorker ended(TestWorker worker) {
        worker.handle().terminate();
        worker.awaitExit();
        return worker;
    }
}
