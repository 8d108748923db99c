package dev.bgworker.toolkit;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.spi.Session.Notification;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MainLoopWakeUpTest {

    private final ScriptedWorker worker = new ScriptedWorker();
    private final MainLoop loop = worker.loop();
    private final List<String> turns = new ArrayList<>();

    private void note(MainLoop.Turn turn) {
        turns.add(worker.latch.now() + " " + turn.notifications().stream().map(Notification::payload).toList());
    }

    private void arrives(String channel, String payload) {
        worker.session.arrives(channel, payload);
        worker.latch.set();
    }

    @Test
    void channelsAreListenedToBeforeTheStartWhichLeavesWhatComesToTheFirstTurn() {
        worker.at(ofSeconds(2), Signal.TERM).latch.at(ofSeconds(1), () -> arrives("prices", "c"));

        loop.connect("shop").onNotify("prices").onNotify("stock").onStart(turn -> {
            worker.trace.add("start");
            arrives("stock", "b");
            arrives("prices", "a");
            note(turn);
        }).run(this::note);

        assertThat(worker.trace).containsSubsequence("connect shop", "LISTEN prices", "LISTEN stock", "start");
        assertThat(turns).containsExactly("PT0S []", "PT0S [a, b]", "PT1S [c]");
    }

    @Test
    void turnThatSucceedsHasSeenThemAskedForOrNot() {
        worker.at(ofSeconds(3), Signal.TERM).latch.at(ofSeconds(1), () -> arrives("prices", "a"));
        worker.latch.at(ofSeconds(2), worker.latch::set);

        loop.connect("shop").onNotify("prices").run(turn -> {
            if (worker.latch.now().compareTo(ofSeconds(2)) >= 0) {
                note(turn);
            }
        });

        assertThat(turns).containsExactly("PT2S []");
    }

    @Test
    @Tag("P1")
    void whatATurnFailedWithIsGivenToTheNextOneAndThenWhatCameMeanwhile() {
        worker.at(ofSeconds(9), Signal.TERM).latch.at(ofMillis(500), () -> arrives("prices", "b"));

        loop.connect("shop").onNotify("prices").onStart(turn -> arrives("prices", "a")).run(turn -> {
            note(turn);
            if (turns.size() < 3) {
                throw new IllegalStateException("scripted");
            }
        });

        assertThat(turns).containsExactly("PT0S [a]", "PT1S [a]", "PT3S [a]", "PT3S [b]");
    }

    @Test
    void messageThatAlwaysFailsReachesTheLimit() {
        assertThatThrownBy(() -> loop.connect("shop").onNotify("prices").onStart(turn -> arrives("prices", "bad"))
                .recover(Recovery.DEFAULT.withLimit(4)).run(turn -> {
                    note(turn);
                    throw new IllegalStateException("scripted");
                })).hasMessageContaining("scripted");
        assertThat(turns).hasSize(4).allMatch(each -> each.endsWith("[bad]"));
    }

    @Test
    void termIsNotFollowedByATurnForWhatHasCome() {
        loop.connect("shop").onNotify("prices").run(turn -> {
            note(turn);
            worker.signals.send(Signal.TERM);
            arrives("prices", "a");
        });

        assertThat(turns).containsExactly("PT0S []");
    }

    @Test
    void listeningWithoutAConnectionNamesTheCallThatIsMissing() {
        assertThatThrownBy(() -> loop.onNotify("prices").run(this::note)).isInstanceOfSatisfying(ErrorException.class, e -> {
            assertThat(e.data().detail()).contains("prices");
            assertThat(e.data().hint()).contains("connect()");
        });
    }

    @Test
    void readyChannelIsToldUntilItIsNoLonger() throws Exception {
        Pipe pipe = Pipe.open();
        List<Map<?, Integer>> ready = new ArrayList<>();
        worker.latch.at(ofSeconds(1), () -> worker.sockets.becomesReady(pipe.source(), SelectionKey.OP_READ));
        worker.at(ofSeconds(2), Signal.TERM);

        loop.socket(pipe.source(), SelectionKey.OP_READ).run(turn -> {
            ready.add(turn.ready());
            if (ready.size() == 3) {
                worker.sockets.ready.clear();
            }
        });

        assertThat(ready).containsExactly(Map.of(), Map.of(pipe.source(), SelectionKey.OP_READ),
                Map.of(pipe.source(), SelectionKey.OP_READ));
        pipe.source().close();
        pipe.sink().close();
    }

    @Test
    void readyChannelDoesNotCutAPauseShortAndIsToldAfterIt() throws Exception {
        Pipe pipe = Pipe.open();
        List<String> ready = new ArrayList<>();
        worker.sockets.becomesReady(pipe.source(), SelectionKey.OP_READ);
        worker.at(ofSeconds(2), Signal.TERM);

        loop.onStart(turn -> loop.socket(pipe.source(), SelectionKey.OP_READ)).run(turn -> {
            ready.add(worker.latch.now() + " " + turn.ready().size());
            if (ready.size() == 1) {
                throw new IllegalStateException("scripted");
            }
            pipe.source().close();
        });

        assertThat(worker.sockets.interest).containsEntry(pipe.source(), SelectionKey.OP_READ);
        assertThat(ready).containsExactly("PT0S 0", "PT1S 1");
        pipe.sink().close();
    }

    @Test
    @Tag("R115")
    void hooksOfTheExitAreRegisteredBeforeConnecting() {
        worker.at(ofSeconds(1), Signal.TERM);

        loop.connect("shop").onExit(end -> worker.trace.add("never here")).run(this::note);

        assertThat(worker.trace).containsSubsequence("process on BEFORE_SHMEM_EXIT", "unblock", "connect shop")
                .doesNotContain("never here");
    }
}
