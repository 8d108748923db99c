package dev.bgworker.toolkit.pain;

import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestWorker;
import dev.bgworker.toolkit.MainLoop;
import dev.bgworker.toolkit.Recovery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

/** P9. A worker whose table is missing, as after DROP EXTENSION, for an hour. */
@ExtendWith(BgworkerExtension.class)
class CrashLoopTest {

    private static final WorkerMain LOOP = worker -> MainLoop.of(worker).connect("postgres").every(ofSeconds(1))
            .recover(Recovery.DEFAULT.withLimit(5))
            .run(turn -> turn.inTransaction(sql -> sql.execute(Added.ONE)));

    private static TestWorker start(TestHost host, RestartPolicy policy, WorkerMain main) {
        return host.start(BackgroundWorker.builder("adds", TestHost.LIBRARY, "adds").restart(policy), () -> main).mayFail();
    }

    /** {@code bgw_restart_time} of a second, as pg_net and timescaledb have had it. */
    @Test
    @Tag("P9")
    void oldWayCrashesEverySecondForEver(TestHost host) {
        TestWorker worker = start(host, RestartPolicy.after(ofSeconds(1)),
                it -> WorkerSpi.main(it, ofSeconds(1), Added.ONE));

        host.advance(ofMinutes(10));

        assertThat(worker.details().restarts()).as("one a second, and one for the nap").isEqualTo(300);
        assertThat(worker.calls("Proc.connect")).as("connections made for nothing").isGreaterThanOrEqualTo(300);
    }

    @Test
    @Tag("P9")
    @Tag("R48")
    void loopPausesThenGivesUpAndPolicyParksItWhereItIsSeen(TestHost host) {
        Instant begin = host.time().now();
        List<Duration> starts = new CopyOnWriteArrayList<>();
        TestWorker worker = start(host, RestartPolicy.after(ofSeconds(10)).backoff(2, ofMinutes(5)).limit(3, ofHours(1)),
                it -> {
                    starts.add(Duration.between(begin, it.time().now()));
                    LOOP.main(it);
                });

        host.advance(ofHours(1));

        WorkerDetails parked = worker.details();
        assertThat(parked.state()).isEqualTo(State.FAILED);
        assertThat(parked.restarts()).isEqualTo(2);
        assertThat(parked.lastError()).hasValueSatisfying(error -> assertThat(error.sqlState()).isEqualTo("42P01"));
        assertThat(worker.calls("Spi.execute")).as("three starts of five turns").isEqualTo(15);
        // Five turns take 15 s; then it is away for 10 s, and for 20 s the second time, each varied by a fifth.
        assertThat(starts).hasSize(3).first().isEqualTo(Duration.ZERO);
        assertThat(starts.get(1)).isBetween(ofSeconds(15 + 8), ofSeconds(15 + 12));
        assertThat(starts.get(2).minus(starts.get(1))).isBetween(ofSeconds(15 + 16), ofSeconds(15 + 24));

        Added.create(host);
        worker.handle().resume();
        host.advance(ofSeconds(9));
        assertThat(worker.details().state()).isEqualTo(State.RUNNING);
        assertThat(Added.rows(host)).isEqualTo(10);
    }
}
