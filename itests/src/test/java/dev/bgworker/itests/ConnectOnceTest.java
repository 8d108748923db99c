package dev.bgworker.itests;

import static dev.bgworker.itests.SpiHost.LONG;
import static dev.bgworker.itests.SpiHost.POSTGRES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.FatalError;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** A worker that connects a second time. */
public class ConnectOnceTest {

    @Rule
    public final TestedHost tested = new TestedHost();
    private SpiHost host;

    @Before
    public void start() { host = tested.host(); }

    @Test
    @Proves("R100")
    public void theSecondConnectionIsFatalAndOpensNoSession() throws Exception {
        CompletableFuture<Throwable> second = new CompletableFuture<>();
        CompletableFuture<Long> sessions = new CompletableFuture<>();
        BackgroundWorkerHandle handle = host.register(RestartPolicy.NEVER, worker -> {
            worker.connect(POSTGRES);
            long before = host.sessions();
            Throwable raised = catchThrowable(() -> worker.connect(POSTGRES));
            second.complete(raised);
            sessions.complete(host.sessions() - before);
            if (raised instanceof FatalError fatal) {
                throw fatal;
            }
        });

        assertThat(second.get(LONG.toSeconds(), TimeUnit.SECONDS)).isInstanceOfSatisfying(FatalError.class, fatal -> {
            assertThat(fatal.data().sqlState()).isEqualTo("55000");
            assertThat(fatal.data().message()).endsWith("it is one for life");
        });
        assertThat(sessions.get(LONG.toSeconds(), TimeUnit.SECONDS)).isZero();
        WorkerDetails gone = handle.awaitShutdown(LONG);
        assertThat(gone.exitStatus()).isOne();
        assertThat(gone.lastError().orElseThrow().sqlState()).isEqualTo("55000");
    }
}
