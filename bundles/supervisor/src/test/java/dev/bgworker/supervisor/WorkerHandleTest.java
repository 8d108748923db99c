package dev.bgworker.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.process.Held;
import dev.bgworker.supervisor.process.ProcTable;
import dev.bgworker.supervisor.process.ProcWait;
import dev.bgworker.supervisor.process.Providers;
import dev.bgworker.supervisor.process.ScopeEvents;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WorkerHandleTest {

    private static WorkerDetails details(Status status, State state, long pid) {
        return new WorkerDetails(Host.definition("w").build(), 0, 1, status, state, "", pid, false, -1, Optional.empty(), 0,
                Optional.empty(), "test");
    }

    @Test
    @Tag("R74")
    void whoWatchesIsWokenWithoutANotifyPid() {
        WorkerCell cell = new WorkerCell(null, details(Status.NOT_YET_STARTED, State.WAITING, 0), Runnable::run);
        List<Status> woken = new ArrayList<>();
        Held watching = cell.watch(() -> woken.add(cell.details().status()));

        cell.publish(details(Status.STARTED, State.RUNNING, 1));
        cell.publish(details(Status.STOPPED, State.STOPPED, 0));
        watching.close();
        cell.publish(details(Status.STOPPED, State.STOPPED, 0));

        assertThat(cell.details().definition().notifyPid()).isZero();
        assertThat(woken).containsExactly(Status.STARTED, Status.STOPPED);
    }

    @Test
    @Timeout(20)
    @Tag("R72")
    void aWaitBegunBeforeTheFirstRunSeesItsEndAlthoughTheSecondRunsAlready() throws Exception {
        WorkerCell cell = new WorkerCell(null, details(Status.NOT_YET_STARTED, State.WAITING, 0), Runnable::run);
        ProcTable table = new ProcTable(Clock.systemUTC(), new Providers(), new ScopeEvents(),
                new ScheduledThreadPoolExecutor(0), Duration.ZERO);
        WorkerHandle handle = new WorkerHandle(cell, null, new ProcWait(table), library -> {
            // asked after the wait has begun and before its first look
            cell.publish(details(Status.STARTED, State.RUNNING, 1));
            cell.publish(details(Status.STOPPED, State.BACKOFF, 0));
            cell.publish(details(Status.STARTED, State.RUNNING, 2));
            return false;
        });

        WorkerDetails seen = handle.awaitShutdown(Duration.ofDays(1));

        assertThat(seen.status()).isEqualTo(Status.STOPPED);
        assertThat(handle.details().status()).isEqualTo(Status.STARTED);
    }
}
