package dev.bgworker.toolkit;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestWorker;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static dev.bgworker.api.process.ErrorData.errcode;

/** A worker whose turns fail runs, and looks it: only its row tells an operator that nothing gets done. */
@ExtendWith(BgworkerExtension.class)
class PauseShownTest {

    @Test
    @Tag("P4")
    void rowTellsTheFailureUntilATurnSucceeds(TestHost host) {
        AtomicBoolean fails = new AtomicBoolean(true);
        TestWorker worker = host.start(me -> MainLoop.of(me).every(ofSeconds(1)).run(turn -> {
            if (fails.get()) {
                throw new ErrorException(errcode("42P01", "relation \"rates\" does not exist"));
            }
        }));

        worker.awaitIdle("MainLoopErrorPause");
        assertThat(query(worker)).isEqualTo("main loop pauses after 1 failure: 42P01: relation \"rates\" does not exist");
        host.advance(ofSeconds(1));
        assertThat(query(worker)).startsWith("main loop pauses after 2 failures: 42P01");

        fails.set(false);
        host.advance(ofSeconds(2));
        worker.awaitIdle("MainLoop");
        assertThat(query(worker)).isNullOrEmpty();
    }

    private static String query(TestWorker worker) { return worker.activity().orElseThrow().query(); }
}
