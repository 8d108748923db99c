package dev.bgworker.supervisor;

import static dev.bgworker.supervisor.Host.definition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.RestartPolicy;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RepeatedFailureTest {

    @Test
    @Tag("R46")
    @Tag("R229")
    void twentyFailuresOfOneKindAreAFewLinesAndAnotherKindIsToldInFull() throws Exception {
        CountDownLatch runs = new CountDownLatch(21);
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (Host host = new Host().up()) {
            host.start(definition("fails").restart(RestartPolicy.after(Duration.ZERO)), worker -> {
                runs.countDown();
                throw new IllegalStateException(runs.getCount() == 0 ? "another" : "the table is missing");
            });
            assertThat(runs.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            System.setErr(before);
        }

        String text = log.toString(StandardCharsets.UTF_8);
        assertThat(text).containsOnlyOnce("XX000: java.lang.IllegalStateException: the table is missing");
        assertThat(text.lines().filter(line -> line.contains("failed in the same way")
                && line.contains("the table is missing"))).hasSize(4)
                .last().asString().contains("16 times");
        assertThat(text).contains("XX000: java.lang.IllegalStateException: another");
    }

    @Test
    void anEndThatWasAskedForIsNoFurtherFailure() throws Exception {
        CountDownLatch runs = new CountDownLatch(3);
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (Host host = new Host().up()) {
            BackgroundWorkerHandle worker = host.start(definition("recovers").restart(RestartPolicy.after(Duration.ZERO)),
                    me -> {
                        runs.countDown();
                        if (runs.getCount() > 0) {
                            throw new IllegalStateException("not yet");
                        }
                        Host.UNTIL_TERM.main(me);
                    });
            assertThat(runs.await(20, TimeUnit.SECONDS)).isTrue();
            worker.terminate();
            worker.awaitShutdown(Host.LONG);
        } finally {
            System.setErr(before);
        }

        assertThat(log.toString(StandardCharsets.UTF_8)).containsOnlyOnce("failed in the same way");
    }
}
