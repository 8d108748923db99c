package dev.bgworker.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.Backend;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.supervisor.process.RecordingProvider;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServerCourseTest {

    private final Host host = new Host();
    private final RecordingProvider provider = new RecordingProvider();

    @AfterEach
    void close() throws InterruptedException { host.close(); }

    @Test
    void aProviderThatComesLateIsToldWhatItMissed() {
        host.up();

        host.supervisor.addProvider(provider);

        assertThat(provider.trace).containsExactly("rebuild 0", "enter CONSISTENT", "enter RECOVERY_FINISHED");
    }

    @Test
    void oneThatIsThereFromTheStartIsToldOnce() {
        host.supervisor.addProvider(provider);
        host.supervisor.buildSharedMemory();

        host.up();

        assertThat(provider.trace).containsExactly("rebuild 0", "enter CONSISTENT", "enter RECOVERY_FINISHED");
    }

    @Test
    @Tag("R82")
    @Tag("R83")
    void theMostSevereModeIsWhatTheyAreClosedWith() throws Exception {
        host.supervisor.addProvider(provider);
        host.up();

        host.shutdown(State.IMMEDIATE_SHUTDOWN);

        assertThat(provider.trace).last().isEqualTo("enter IMMEDIATE_SHUTDOWN");
        host.supervisor.enter(State.RECOVERY_FINISHED);
        assertThat(host.supervisor.state()).isEqualTo(State.IMMEDIATE_SHUTDOWN);
    }

    @Test
    @Tag("R80")
    void aSmartShutdownWaitsForTheLastBackendAndLetsNoneIn() throws Exception {
        host.up();
        CountDownLatch gone = new CountDownLatch(1);
        Backend last = host.supervisor.openBackend("last");

        host.supervisor.smartShutdown(gone::countDown);

        assertThat(gone.getCount()).isOne();
        last.close();
        assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(catchThrowableOfType(FatalError.class, () -> host.supervisor.openBackend("late")).data().sqlState())
                .isEqualTo("57P03");
    }
}
