package dev.bgworker.supervisor.process;

import static dev.bgworker.supervisor.process.Processes.error;
import static dev.bgworker.supervisor.process.Processes.get;
import static dev.bgworker.supervisor.process.Processes.inThread;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.Server;
import dev.bgworker.api.process.Activity;
import dev.bgworker.api.process.Activity.State;
import dev.bgworker.supervisor.HostClock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ActivityRowTest {

    private final Processes processes = new Processes();
    private final BgProc proc = processes.worker();
    private final Activity activity = proc.proc().activity();

    @AfterEach
    void close() { processes.close(); }

    private Server.ActivityRow row() { return proc.row().now(); }

    @Test
    @Tag("R220")
    void untilSomethingIsReportedThereIsNoStateAndNoApplicationName() {
        assertThat(row().state()).isNull();
        assertThat(row().applicationName()).isEmpty();
        assertThat(row().queryStart()).isNull();
        assertThat(row().stateChange()).isNull();
    }

    @Test
    @Tag("R221")
    void theTextStaysWhenTheStatementIsOverAndTheStateDoesNot() {
        proc.shows(State.ACTIVE, "SELECT 1");
        Instant begun = row().queryStart();
        proc.shows(State.IDLE_IN_TRANSACTION, null);

        assertThat(row().state()).isEqualTo(State.IDLE_IN_TRANSACTION);
        assertThat(row().query()).isEqualTo("SELECT 1");
        assertThat(row().queryStart()).isEqualTo(begun);
        assertThat(row().stateChange()).isAfterOrEqualTo(begun);
    }

    @Test
    @Tag("R221")
    void whatTheAuthorReportedStaysUntilHeReportsAnotherState() {
        activity.report(State.ACTIVE, "folding");
        proc.shows(State.ACTIVE, "SELECT 1");
        proc.shows(State.IDLE_IN_TRANSACTION, null);
        assertThat(row().state() + row().query()).isEqualTo("ACTIVEfolding");

        activity.report(State.IDLE, null);
        proc.shows(State.ACTIVE, "SELECT 2");

        assertThat(row().state() + row().query()).isEqualTo("ACTIVESELECT 2");
    }

    @Test
    @Tag("R221")
    void theTextIsCutToTheSizeOfTheViewAndNotInTheMiddleOfACharacter() {
        proc.shows(State.ACTIVE, "x".repeat(1023));
        assertThat(row().query()).hasSize(1023);
        proc.shows(State.ACTIVE, "x".repeat(1024));
        assertThat(row().query()).hasSize(1023);
        proc.shows(State.ACTIVE, "ü".repeat(1000));
        assertThat(row().query()).isEqualTo("ü".repeat(511));
    }

    @Test
    @Tag("R221")
    void withTrackingOffTheStateIsDisabledAndNothingElseIsShown() {
        proc.session("postgres", null, Instant.EPOCH);
        proc.shows(State.ACTIVE, "SELECT secret");

        processes.table.trackActivities(false);

        assertThat(row().state()).isEqualTo(State.DISABLED);
        assertThat(row().query()).isNull();
        assertThat(row().xactStart()).isNull();
        assertThat(row().database()).isEqualTo("postgres");
        assertThat(proc.row().lastQuery()).isEmpty();

        activity.report(State.ACTIVE, "secret");
        processes.table.trackActivities(true);
        assertThat(row().query()).isNull();
        proc.shows(State.IDLE, null);
        assertThat(row().state()).isEqualTo(State.IDLE);
    }

    @Test
    @Tag("R222")
    void theStartOfTheTransactionIsShownWhileItIsOpen() {
        Instant begun = Instant.ofEpochMilli(4);
        proc.session("postgres", "clerk", begun);
        assertThat(row().xactStart()).isEqualTo(begun);

        proc.session("postgres", "clerk", null);

        assertThat(row().xactStart()).isNull();
    }

    @Test
    @Tag("R102")
    void whoDefaultedItsRoleAdvertisesNone() {
        proc.session("postgres", null, null);

        assertThat(row().database()).isEqualTo("postgres");
        assertThat(row().role()).isNull();
    }

    @Test
    @Tag("R101")
    @Tag("R220")
    void fromConnectingOnItTakesPartInBarriersAndSaysSo() {
        List<String> seen = new ArrayList<>();
        processes.providers.add(new StandInSpi(() -> {
            processes.table.emitBarrier(() -> true);
            seen.add(row().state() + " with " + processes.table.openBarriers());
        }));
        processes.table.emitBarrier(() -> true);
        assertThat(processes.table.openBarriers()).isZero();

        proc.proc().connect(null);

        assertThat(seen).containsExactly("STARTING with 1");
        assertThat(row().state()).isNull();
        assertThat(row().database()).isNull();
    }

    @Test
    @Tag("R225")
    void statisticsAreToldOutsideATransactionAndAtTheExit() {
        List<String> told = new ArrayList<>();
        proc.statistics(() -> told.add("told"));
        activity.flushStatistics();
        proc.session("postgres", null, Instant.EPOCH);
        assertThat(error(activity::flushStatistics).sqlState()).isEqualTo("25001");
        assertThat(told).hasSize(1);

        ExitSequence.run(proc, 1, true);

        assertThat(told).hasSize(2);
    }

    @Test
    void thePlainMicrosecondsOfTheHostsClockAreThoseOfItsInstants() {
        HostClock clock = new HostClock();

        long before = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
        long micros = Microseconds.of(clock);

        assertThat(micros).isBetween(before, ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()));
    }

    @Test
    void whoReadsSeesTheValuesOfOneReport() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Integer> torn = inThread(() -> {
            int count = 0;
            while (!over.get()) {
                Server.ActivityRow now = row();
                count += now.query() == null || (now.state() == State.ACTIVE) == now.query().equals("a") ? 0 : 1;
            }
            return count;
        });

        for (int i = 0; i < 200_000; i++) {
            proc.shows(State.ACTIVE, "a");
            proc.shows(State.IDLE, "i");
        }
        over.set(true);

        assertThat(get(torn)).isZero();
    }
}
