package dev.bgworker.supervisor.process;

import static dev.bgworker.supervisor.process.Processes.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.bgworker.api.Proc;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Scope.Event;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R239")
class InjectionPointsTest {

    private final Processes processes = new Processes();
    private final InjectionPointTable points = new InjectionPointTable(processes.table);

    @AfterEach
    void close() { processes.close(); }

    @Test
    void whatIsAttachedRunsWithTheProcessUntilItIsDetached() {
        AtomicReference<Proc> seen = new AtomicReference<>();
        Held attached = points.attach("here", seen::set);
        BgProc proc = processes.backend();
        points.run("elsewhere");
        assertThat(seen.get()).isNull();

        points.run("here");

        assertThat(seen.get()).isSameAs(proc.proc());
        attached.close();
        seen.set(null);
        points.run("here");
        assertThat(seen.get()).isNull();
    }

    @Test
    void namesAndNumberAreLimited() {
        assertThat(error(() -> points.attach("", proc -> {})).sqlState()).isEqualTo("22023");
        assertThat(error(() -> points.attach("x".repeat(64), proc -> {})).sqlState()).isEqualTo("22023");
        points.attach("x".repeat(63), proc -> {});
        assertThat(error(() -> points.attach("x".repeat(63), proc -> {})).sqlState()).isEqualTo("42710");
        for (int i = 1; i < 128; i++) {
            points.attach("point " + i, proc -> {});
        }

        assertThat(error(() -> points.attach("one more", proc -> {})).sqlState()).isEqualTo("53000");
    }

    @Test
    @Tag("R89")
    void aRunPassesThePointsInThisOrder() {
        Run run = new Run(processes);
        processes.table.injectionPoints(points);
        for (String each : new String[]{"before-lookup", "before-main", "before-exit-callbacks", "after-exit-callbacks"}) {
            points.attach("bgworker-" + each, proc -> run.trace.add(each + " " + (proc.pid() == run.pid)));
        }

        run.of(worker -> {
            run.trace.add("main");
            worker.scope().on(Event.ON_PROC_EXIT, end -> run.trace.add("callback"));
        });

        assertThat(run.trace).containsSubsequence("before-lookup true", "entered", "before-main true", "main",
                "before-exit-callbacks true", "LWLOCKS", "callback", "PROC", "after-exit-callbacks true", "given back");
    }

    @Test
    @Tag("R47")
    void aThreadThatEndsWithoutTheExitSequenceIsACrash() {
        Run run = new Run(processes);
        processes.table.injectionPoints(points);
        points.attach("bgworker-before-exit-callbacks", proc -> {
            throw new IllegalStateException("gone");
        });

        assertThat(catchThrowable(() -> run.of(worker -> {}))).hasMessage("gone");

        assertThat(run.exit.status()).isEqualTo(2);
        assertThat(run.exit.error()).get().extracting(ErrorData::message).asString().contains("without the exit sequence");
        assertThat(run.trace).endsWith("given back", "exited");
    }
}
