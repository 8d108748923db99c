package dev.bgworker.shell;

import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.control.WorkerEvent.Kind;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class WorkerCommandsTest {

    private final Workers workers = new Workers();
    private final WorkerCommands commands = new WorkerCommands(workers, workers);
    private final BgwCommands looks = new BgwCommands(workers, workers);

    @Test
    @Tag("R61")
    void terminateTakesAPidOrAName() throws Exception {
        Workers.Handle one = workers.add(Workers.details("SPI worker 1", 42, State.RUNNING));
        Workers.Handle two = workers.add(Workers.details("SPI worker 2", 43, State.RUNNING));

        assertThat(commands.terminate("--wait", "10s", "42")).isEqualTo("SPI worker 1: gone");
        assertThat(two.terminated).isZero();
        commands.terminate("SPI worker 2");
        assertThat(one.terminated).isOne();
        assertThat(two.terminated).isOne();
    }

    @Test
    void aNumberIsAPidBeforeItIsAName() throws Exception {
        Workers.Handle named = workers.add(Workers.details("42", 7, State.RUNNING));
        Workers.Handle meant = workers.add(Workers.details("other", 42, State.RUNNING));

        commands.terminate("42");

        assertThat(meant.terminated).isOne();
        assertThat(named.terminated).isZero();
    }

    @Test
    void unknownWorkerIsNamedAndHasItsOwnStatus() {
        assertFailure(3, () -> commands.terminate("nobody"), "background worker \"nobody\" does not exist", "bgw:list");
        assertFailure(3, () -> looks.show("4711"), "PID 4711 is not a background worker", "bgw:list");
    }

    @Test
    void aSharedNameIsNotTerminatedButThePidsAreListed() {
        Workers.Handle one = workers.add(Workers.details("crawl", 42, State.RUNNING));
        workers.add(Workers.details("crawl", 43, State.RUNNING));

        assertFailure(1, () -> commands.terminate("crawl"), "2 background workers are named \"crawl\"", "pid 42, pid 43",
                "HINT:  Give the pid instead of the name. With --all");
        assertThat(one.terminated).isZero();
        assertThat(looks.show("crawl")).containsSubsequence("pid                 42", "pid                 43");
    }

    @Test
    @Tag("R63")
    void aWorkerThatIsStillThereAfterTheWaitIsAFailure() {
        workers.add(Workers.details("slow", 42, State.RUNNING))
                .onTerminate(now -> Workers.details(now.definition(), now.pid(), State.STOPPING));

        assertFailure(1, () -> commands.terminate("--wait", "500ms", "slow"),
                "background worker \"slow\" (pid 42) is not gone after 500 ms", "STOPPING", "bgw_stop_timeout");
    }

    @Test
    void withoutWaitTerminateTellsWhatItDid() throws Exception {
        workers.add(Workers.details("slow", 42, State.RUNNING))
                .onTerminate(now -> Workers.details(now.definition(), now.pid(), State.STOPPING));

        workers.add(Workers.details("coming", 0, State.STARTING));
        workers.add(Workers.details("resting", 0, State.BACKOFF));

        assertThat(commands.terminate("slow")).isEqualTo("slow: told to terminate (PID 42)");
        assertThat(commands.terminate("coming")).isEqualTo("coming: told to terminate");
        assertThat(commands.terminate("resting")).isEqualTo("resting: unregistered");
    }

    @Test
    void anAbandonedWorkerIsNotCalledGone() {
        workers.add(Workers.details("stuck", 42, State.RUNNING))
                .onTerminate(now -> Workers.details(now.definition(), 0, State.ABANDONED));

        assertFailure(1, () -> commands.terminate("--wait", "1s", "stuck"), "\"stuck\" does not end and was given up");
    }

    @Test
    void whatThePromptPrintsOfAFailureHasNoClassName() { assertThatThrownBy(() -> commands.terminate("nobody"))
            .hasToString("""
                    ERROR:  background worker "nobody" does not exist
                    HINT:  bgw:list shows names, slots and pids; quote a name that contains blanks."""); }

    @Test
    void restartTellsTheRunItEndsAndWaitsForTheNextOne() throws Exception {
        Workers.Handle one = workers.add(Workers.details("x", 42, State.RUNNING))
                .onStart(Kind.STARTED, now -> run(now, 43, State.RUNNING, 1, 1));

        assertThat(commands.restart("--wait", "10s", "x")).isEqualTo("x: RUNNING, pid 43, not ready");
        assertThat(one.listeners).isEmpty();
        assertThat(commands.restart("x")).isEqualTo("x: told to restart (PID 43)");
    }

    @Test
    void aNextRunThatFailsIsAFailureOfRestartAndOneThatDoesNotComeToo() {
        workers.add(Workers.details("failing", 42, State.RUNNING))
                .onStart(Kind.EXITED, now -> run(now, 0, State.BACKOFF, 1, 1));
        workers.add(Workers.details("held", 7, State.RUNNING))
                .onStart(Kind.EXITED, now -> run(now, 0, State.WAITING, 0, 1));

        assertFailure(1, () -> commands.restart("--wait", "10s", "failing"), "\"failing\" exited with status 1");
        assertFailure(1, () -> commands.restart("--wait", "0", "held"), "\"held\" has not started within 0 s", "WAITING");
    }

    @Test
    void aPausedOneIsNotRestartedBehindTheBackOfWhoPausedIt() {
        Workers.Handle paused = workers.add(Workers.details("x", 0, State.PAUSED));

        assertFailure(1, () -> commands.restart("x"), "background worker \"x\" is paused", "bgw:resume");
        assertThat(paused.asked).isEmpty();
    }

    @Test
    void pauseSaysWhyAndWaitsForTheEndOfTheRun() throws Exception {
        Workers.Handle one = workers.add(Workers.details("x", 42, State.RUNNING))
                .onTerminate(now -> Workers.details(now.definition(), 0, State.PAUSED));

        assertThat(commands.pause("--reason", "disk full", "--wait", "10s", "x")).isEqualTo("x: paused");
        assertThat(one.asked).containsExactly("pause disk full");
        assertThat(commands.pause("x")).isEqualTo("x: paused");
    }

    @Test
    void aPausedOneKeepsItsReasonUnlessAnotherIsGiven() throws Exception {
        Workers.Handle one = workers.add(Workers.details("x", 0, State.PAUSED));

        assertThat(commands.pause("x")).isEqualTo("x: paused");
        assertThat(one.asked).isEmpty();
        commands.pause("--reason", "disk full", "x");
        assertThat(one.asked).containsExactly("pause disk full");
    }

    @Test
    void aRefusedDefinitionIsToldWithItsReasonAndWhereItComesFrom() {
        workers.unregistered.add(unregistered("x", State.INVALID, "invalid restart interval: 500 ms", "bgw.worker-x.cfg"));

        String[] told = {"background worker \"x\" is not registered, its definition is refused",
                "bgw.worker-x.cfg; the reason is: invalid restart interval: 500 ms"};
        assertFailure(1, () -> commands.restart("x"), told);
        assertFailure(1, () -> commands.resume("--all", "x"), told);
        assertFailure(1, () -> commands.cancel("x"), told);
        assertFailure(3, () -> commands.restart("--slot", "1"), "no background worker is in slot 1");
    }

    @Test
    void oneOfWhichOnlyTheThreadIsLeftIsToldSo() {
        workers.unregistered.add(unregistered("x", State.ABANDONED, "did not end within 30 s", "lib"));

        assertFailure(1, () -> commands.terminate("x"), "is not registered any more, only its thread is left",
                "ABANDONED: did not end within 30 s");
        workers.add(Workers.details("x", 42, State.RUNNING));
        assertThat(commands.cancel("x")).isEqualTo("x: sent INT (PID 42)");
    }

    private static WorkerDetails unregistered(String name, State state, String reason, String owner) {
        WorkerDetails like = Workers.details(name, 0, state);
        return new WorkerDetails(like.definition(), -1, 0, like.status(), state, reason, 0, false, -1, like.lastError(), 0,
                like.nextStart(), owner);
    }

    @Test
    void aRunThatDoesNotEndIsAFailureOfPause() throws Exception {
        workers.add(Workers.details("x", 42, State.RUNNING))
                .onTerminate(now -> Workers.details(now.definition(), 42, State.STOPPING));

        assertThat(commands.pause("x")).isEqualTo("x: told to pause (PID 42)");
        assertFailure(1, () -> commands.pause("--wait", "1s", "x"), "\"x\" (pid 42) is not paused after 1 s",
                "It was told to end its run");
    }

    @Test
    void resumeTellsWhomItHelped() throws Exception {
        workers.add(Workers.details("x", 0, State.PAUSED));
        workers.add(Workers.details("x", 0, State.FAILED)).onStart(Kind.STARTED, now -> run(now, 43, State.RUNNING, 0, 1));
        workers.add(Workers.details("x", 42, State.RUNNING));

        assertThat(commands.resume("--all", "x"))
                .isEqualTo("x: RUNNING, was not paused\nx: resumed, was PAUSED\nx: resumed, was FAILED");
        assertThat(workers.handles.get(1).asked).containsExactly("resume");
    }

    @Test
    void resumeWaitsForTheFirstRunOfOneThatWasPausedBeforeIt() throws Exception {
        workers.add(Workers.details("x", 0, State.PAUSED)).onStart(Kind.STARTED, now -> run(now, 43, State.RUNNING, 0, -1));

        assertThat(commands.resume("--wait", "10s", "x")).isEqualTo("x: RUNNING, pid 43, not ready");
    }

    @Test
    void cancelSendsIntAndSignalWhatItIsTold() {
        workers.add(Workers.details("x", 42, State.RUNNING));

        assertThat(commands.cancel("42")).isEqualTo("sent INT (PID 42)");
        assertThat(commands.cancel("x")).isEqualTo("x: sent INT (PID 42)");
        assertThat(commands.signal("--signal", "sigterm", "x")).isEqualTo("x: sent TERM (PID 42)");
        assertThat(commands.cancel(Long.toString(Workers.BACKEND))).isEqualTo("sent INT (PID 77)");
        assertThat(workers.asked).containsExactly("INT 42", "INT 42", "TERM 42", "INT 77");
    }

    @Test
    void aSignalNeedsAProcess() {
        workers.add(Workers.details("x", 0, State.BACKOFF));

        assertFailure(1, () -> commands.cancel("x"), "background worker \"x\" is not running", "BACKOFF");
        assertFailure(3, () -> commands.cancel("4711"), "PID 4711 is not a background worker");
        assertFailure(2, () -> commands.signal("--signal", "KILL", "x"), "--signal: \"KILL\"", "TERM, INT, HUP");
        assertFailure(2, () -> commands.signal("x"), "option --signal is missing");
    }

    private static WorkerDetails run(WorkerDetails now, long pid, State state, int exitStatus, long restarts) {
        WorkerDetails next = Workers.details(now.definition(), pid, state);
        return new WorkerDetails(next.definition(), next.slot(), next.generation(), next.status(), state, "", pid, false,
                exitStatus, next.lastError(), restarts, next.nextStart(), next.owner());
    }

    private static void assertFailure(int status, ThrowingCallable call, String... parts) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(CommandFailure.class, failure -> assertThat(failure.status()).isEqualTo(status))
                .hasMessageStartingWith("ERROR:  ").message().contains(parts);
    }
}
