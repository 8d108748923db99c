package dev.bgworker.toolkit.pain;

import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.StartTime;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestWorker;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

/** P7. Four workers that do not run, each for a reason of its own, on a server that is a standby. */
class StoppedTest {

    private static final WorkerMain FAILS = worker -> {
        throw new IllegalStateException("no such table");
    };
    private static final WorkerMain RETURNS = worker -> {};

    @RegisterExtension
    final BgworkerExtension standby = BgworkerExtension.with(host -> host.state(Server.State.CONSISTENT));

    private static BackgroundWorkerHandle start(TestHost host, String name, StartTime when, int restart, WorkerMain main) {
        TestWorker worker = host.start(BackgroundWorker.builder(name, TestHost.LIBRARY, name).startTime(when)
                .restart(RestartPolicy.after(ofSeconds(restart))), () -> main).mayFail();
        host.settle();
        return worker.handle();
    }

    private static BackgroundWorkerHandle neverRan(TestHost host) {
        BackgroundWorkerHandle handle = start(host, "never ran", StartTime.RECOVERY_FINISHED, -1, RETURNS);
        handle.terminate();
        host.settle();
        return handle;
    }

    private static BackgroundWorkerHandle done(TestHost host) {
        return start(host, "done", StartTime.CONSISTENT_STATE, 5, RETURNS);
    }

    private static BackgroundWorkerHandle failed(TestHost host) {
        return start(host, "failed", StartTime.CONSISTENT_STATE, -1, FAILS);
    }

    private static BackgroundWorkerHandle comesBack(TestHost host) {
        return start(host, "comes back", StartTime.CONSISTENT_STATE, 5, FAILS);
    }

    /** {@code GetBackgroundWorkerPid} has one word for all of them. */
    @Test
    @Tag("P7")
    void oldWayIsOneWord(TestHost host) {
        for (BackgroundWorkerHandle each : new BackgroundWorkerHandle[]{neverRan(host), done(host), failed(host),
                comesBack(host)}) {
            assertThat(each.details().status()).isEqualTo(Status.STOPPED);
        }
    }

    @Test
    @Tag("P7")
    void handleTellsThemApart(TestHost host) {
        WorkerDetails neverRan = neverRan(host).details();
        assertThat(neverRan.exitStatus()).isEqualTo(-1);
        assertThat(neverRan.lastError()).isEmpty();

        WorkerDetails done = done(host).details();
        assertThat(done.exitStatus()).isZero();
        assertThat(done.nextStart()).isEmpty();

        WorkerDetails failed = failed(host).details();
        assertThat(failed.exitStatus()).isEqualTo(1);
        assertThat(failed.state()).isEqualTo(State.STOPPED);
        assertThat(failed.lastError()).hasValueSatisfying(error -> assertThat(error.message()).contains("no such table"));

        WorkerDetails comesBack = comesBack(host).details();
        assertThat(comesBack.state()).isEqualTo(State.BACKOFF);
        assertThat(comesBack.nextStart()).contains(Instant.parse("2026-01-01T00:00:05Z"));

        assertThat(new String[]{neverRan.reason(), done.reason(), failed.reason(), comesBack.reason()})
                .doesNotHaveDuplicates().noneMatch(String::isBlank);
    }
}
