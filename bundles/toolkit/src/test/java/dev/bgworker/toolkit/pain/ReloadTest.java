package dev.bgworker.toolkit.pain;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.process.Interrupts.Handler;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.spi.Session;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.LogLine;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestWorker;
import dev.bgworker.toolkit.MainLoop;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.event.Level;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

/** P3. A worker adds a row each {@code test.naptime}, which is changed from 10 s to 1 s, and then to nonsense. */
@ExtendWith(BgworkerExtension.class)
class ReloadTest {

    private static final String NAPTIME = "test.naptime";

    private static Duration naptime(WorkerContext worker) {
        return ofSeconds(Long.parseLong(worker.settings().getOrDefault(NAPTIME, "10")));
    }

    /** HUP is ignored unless a worker asks for it. */
    @Test
    @Tag("P3")
    void oldWayDoesNotHearOfIt(TestHost host) {
        Added.create(host);
        host.start(it -> WorkerSpi.main(it, naptime(it), Added.ONE)).awaitIdle();

        host.settings(Map.of(NAPTIME, "1"));
        host.advance(ofSeconds(20));

        assertThat(Added.rows(host)).isEqualTo(2);
    }

    /** {@code SignalHandlerForConfigReload}, {@code ConfigReloadPending} and {@code ProcessConfigFile}, in each loop anew. */
    private static void reloadsByHand(WorkerContext worker) {
        worker.interrupts().handle(Signal.HUP, Handler.FLAG);
        worker.interrupts().unblock();
        Session db = worker.connect(WorkerSpi.POSTGRES);
        Duration naptime = naptime(worker);
        while (true) {
            WorkerSpi.sleep(worker, naptime);
            if (worker.interrupts().take(Signal.HUP)) {
                naptime = naptime(worker);
            }
            WorkerSpi.execute(worker, db, Added.ONE);
        }
    }

    @Test
    @Tag("P3")
    void oldWayByHandDiesOfAValueThatIsNone(TestHost host) {
        Added.create(host);
        TestWorker worker = host.start(ReloadTest::reloadsByHand).awaitIdle();

        host.settings(Map.of(NAPTIME, "soon"));

        assertThat(worker.awaitExit().error()).hasValueSatisfying(error -> assertThat(error.message()).contains("soon"));
    }

    @Test
    @Tag("P3")
    void loopTakesItAndKeepsItWhenTheNextOneIsRefused(TestHost host) {
        Added.create(host);
        TestWorker worker = host.start(it -> {
            MainLoop loop = MainLoop.of(it).connect("postgres");
            loop.onReload(settings -> loop.every(settings.duration(NAPTIME, ofSeconds(10), ofSeconds(1), ofDays(1))))
                    .run(turn -> turn.inTransaction(sql -> sql.execute(Added.ONE)));
        });
        host.advance(ofSeconds(20));
        assertThat(Added.rows(host)).as("at once, and two by naptime").isEqualTo(3);

        host.settings(Map.of(NAPTIME, "1s"));
        host.advance(ofSeconds(5));
        assertThat(Added.rows(host)).as("at once, and five more").isEqualTo(9);

        host.settings(Map.of(NAPTIME, "soon"));
        host.advance(ofSeconds(5));
        assertThat(Added.rows(host)).isEqualTo(15);
        assertThat(worker.details().state()).isEqualTo(State.RUNNING);
        assertThat(worker.log()).filteredOn(line -> line.level() == Level.WARN).singleElement()
                .extracting(LogLine::message).asString().contains(NAPTIME, "soon");
    }
}
