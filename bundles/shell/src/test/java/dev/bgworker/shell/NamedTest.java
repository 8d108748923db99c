package dev.bgworker.shell;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.WorkerDetails;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NamedTest {

    private final Workers workers = new Workers();
    private final WorkerCommands commands = new WorkerCommands(workers, workers);
    private final BgwCommands looks = new BgwCommands(workers, workers);
    private final Workers.Handle resting = add(1, 0, WorkerDetails.State.BACKOFF);
    private final Workers.Handle failing = add(2, 0, WorkerDetails.State.BACKOFF);

    private Workers.Handle add(int slot, long pid, WorkerDetails.State state) {
        return workers.add(Workers.details(BackgroundWorker.builder("crawl", "crawler", "crawl").build(), slot, pid, state));
    }

    @Test
    void thoseOfOneNameThatHaveNoPidAreOfferedBySlot() {
        assertFailure(1, () -> commands.terminate("crawl"), """
                ERROR:  2 background workers are named "crawl"
                DETAIL:  They are BACKOFF in slot 1, BACKOFF in slot 2.
                HINT:  Give --slot and the slot instead of the name. With --all the name means all of them.""");
        add(3, 42, WorkerDetails.State.RUNNING);
        assertFailure(1, () -> commands.terminate("crawl"), "slot 2, pid 42.\nHINT:  Give the pid or --slot and the slot");
    }

    @Test
    void thoseWithNeitherPidNorSlotAreOfferedAllTogether() {
        workers.handles.clear();
        add(-1, 0, WorkerDetails.State.WAITING);
        add(-1, 0, WorkerDetails.State.WAITING);

        assertFailure(1, () -> commands.terminate("crawl"), "WAITING without a slot, WAITING without a slot",
                "HINT:  With --all the name means all of them.");
    }

    @Test
    @Tag("R61")
    void aSlotMeansTheWorkerInIt() throws Exception {
        assertThat(commands.terminate("--slot", "2")).isEqualTo("crawl: unregistered");
        assertThat(failing.terminated).isOne();
        assertThat(resting.terminated).isZero();
        assertThat(looks.show("--slot=1")).contains("slot                1\n").doesNotContain("slot                2\n");
    }

    @Test
    void anEmptySlotIsUnknownAndAWrongOneMisuse() {
        assertFailure(3, () -> commands.terminate("--slot", "7"), "no background worker is in slot 7", "bgw:list");
        assertFailure(2, () -> commands.terminate("--slot", "-1"), "invalid value for option --slot: \"-1\"");
        assertFailure(2, () -> looks.show("--slot", "1", "crawl"), "unexpected argument \"crawl\"");
        assertFailure(2, () -> commands.terminate("--all", "--slot", "1"), "--all and --slot cannot be used together");
        assertFailure(2, () -> looks.show("--all", "crawl"), "unrecognized option \"--all\"");
    }

    @Test
    @Tag("R61")
    void allMeansEachOfThatNameAndNoOther() throws Exception {
        add(3, 42, WorkerDetails.State.RUNNING);
        Workers.Handle other = workers.add(Workers.details("other", 43, WorkerDetails.State.RUNNING));

        assertThat(commands.terminate("--all", "crawl")).isEqualTo("""
                crawl: unregistered
                crawl: unregistered
                crawl: told to terminate (PID 42)""");
        assertThat(resting.terminated).isOne();
        assertThat(other.terminated).isZero();
        assertFailure(3, () -> commands.terminate("--all", "43"), "background worker \"43\" does not exist");
    }

    @Test
    @Tag("R63")
    void allWaitsForEachAndTellsWhichAreLeft() throws Exception {
        assertThat(commands.terminate("--all", "--wait", "1s", "crawl")).isEqualTo("crawl: gone\ncrawl: gone");
        add(3, 42, WorkerDetails.State.RUNNING)
                .onTerminate(now -> Workers.details(now.definition(), 42, WorkerDetails.State.STOPPING));
        assertFailure(1, () -> commands.terminate("--all", "--wait", "1s", "crawl"),
                "1 of 3 background workers have not ended", "\"crawl\" (pid 42) is not gone after 1 s");
    }

    private static void assertFailure(int status, ThrowingCallable call, String... parts) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(CommandFailure.class, failure -> assertThat(failure.status()).isEqualTo(status))
                .message().contains(parts);
    }
}
