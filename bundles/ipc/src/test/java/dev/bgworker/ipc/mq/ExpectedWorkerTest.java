package dev.bgworker.ipc.mq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.control.WorkerEvent.Kind;
import dev.bgworker.api.process.Held;
import dev.bgworker.ipc.memory.Bytes;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is told of a worker that should come to a queue. */
class ExpectedWorkerTest {

    private static final int SIZE = 1024;
    private static final BackgroundWorker DEFINITION = BackgroundWorker.builder("sender", "lib", "main").build();

    private final QueueBytes queue = new QueueBytes(Bytes.allocate(SIZE), 0, SIZE);
    private final QueueEnds ends = QueueEnds.of(queue);
    /** Runs for the second time. */
    private final BackgroundWorkerHandle worker = (BackgroundWorkerHandle) Proxy.newProxyInstance(
            ExpectedWorkerTest.class.getClassLoader(), new Class<?>[]{BackgroundWorkerHandle.class},
            (proxy, method, args) -> method.getName().equals("details") ? details(1) : subscribe(args[0]));
    private Consumer<WorkerEvent> listener;
    private boolean closed;

    ExpectedWorkerTest() { queue.create(); }

    private static WorkerDetails details(long restarts) {
        return new WorkerDetails(DEFINITION, 0, 1, Status.STARTED, WorkerDetails.State.RUNNING, "", 7, false, -1,
                Optional.empty(), restarts, Optional.empty(), "test");
    }

    @SuppressWarnings("unchecked")
    private Held subscribe(Object to) {
        listener = (Consumer<WorkerEvent>) to;
        return () -> closed = true;
    }

    private void tell(Kind kind, long restarts) {
        listener.accept(new WorkerEvent(kind, Instant.EPOCH, worker, details(restarts)));
    }

    @Test
    @Tag("R165")
    void theEndOfAnOlderRunDoesNotCount() {
        assertThat(ends.expect(Side.SENDER, worker)).isTrue();
        tell(Kind.EXITED, 0);
        tell(Kind.STARTED, 1);
        tell(Kind.READY, 1);
        assertThat(queue.detached()).isFalse();
        assertThat(closed).isFalse();
        tell(Kind.EXITED, 1);
        assertThat(queue.detached()).isTrue();
        assertThat(closed).isTrue();
    }
}
