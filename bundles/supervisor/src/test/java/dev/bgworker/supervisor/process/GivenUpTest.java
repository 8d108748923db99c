package dev.bgworker.supervisor.process;

import static dev.bgworker.supervisor.process.Processes.get;
import static dev.bgworker.supervisor.process.Processes.inThread;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.Server;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WorkerResource;
import dev.bgworker.api.process.Scope;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class GivenUpTest {

    private final Processes processes = new Processes();
    private final StopSteps steps = new StopSteps(processes.table);

    @AfterEach
    void close() { processes.close(); }

    /** A provider that says of every process what it held, or that it does not know. */
    private void provider(String held) {
        processes.providers.add(new RecordingProvider() {
            @Override
            public boolean fence(ProcArray.Entry proc) { return Boolean.parseBoolean(Processes.known(held)); }
        });
    }

    /** As {@link #provider}, of another type. */
    private void another(String held) {
        processes.providers.add(new WorkerResource<Object, Integer>() {
            @Override
            public Class<Integer> type() { return Integer.class; }

            @Override
            public Integer attach(ProcArray.Entry proc, Object how) { return 1; }

            @Override
            public void release(ProcArray.Entry proc, Phase phase, Scope scope, boolean commit) {}

            @Override
            public void abort(ProcArray.Entry proc) {}

            @Override
            public boolean fence(ProcArray.Entry proc) { return Boolean.parseBoolean(Processes.known(held)); }

            @Override
            public void rebuild(long epoch) {}

            @Override
            public void enter(Server.State state) {}
        });
    }

    private boolean heldSharedState() {
        List<Boolean> told = new ArrayList<>();
        steps.takeAway(processes.table.mine().orElseThrow().pid(), told::add).run();
        assertThat(told).hasSize(1);
        return told.get(0);
    }

    @Test
    @Tag("R47")
    void whoeverSaysThatItHeldSharedStateDecides() {
        processes.backend();
        assertThat(heldSharedState()).isFalse();
        provider("false");
        assertThat(heldSharedState()).isFalse();
        another("true");
        assertThat(heldSharedState()).isTrue();
    }

    /** Of the fence a worker that sleeps goes by itself, and lets go. */
    @Test
    @Tag("R47")
    void whatWasHeldBeforeTheFenceCounts() {
        processes.worker();
        processes.providers.add(new RecordingProvider() {
            @Override
            public boolean holds(ProcArray.Entry proc) { return !trace.contains("fence"); }
        });

        assertThat(heldSharedState()).isTrue();
    }

    @Test
    @Tag("R47")
    void aProviderThatCannotSayForAnErrorKeepsNobodyFromTheVerdict() {
        processes.backend();
        processes.providers.add(new RecordingProvider() {
            @Override
            public boolean fence(ProcArray.Entry proc) { throw new StackOverflowError("in fence"); }
        });

        assertThat(heldSharedState()).isTrue();
    }

    @Test
    @Tag("R47")
    void aProviderThatCannotSayCountsAsOneThatHeldIt() {
        processes.backend();
        provider("unknown");

        assertThat(heldSharedState()).isTrue();
    }

    @Test
    @Tag("R52")
    void whoIsInSystemExitIsFoundWithThePlace() throws Exception {
        StackTraceElement[] stack = {frame("java.lang.Object", "wait"), frame("java.lang.Thread", "join"),
                frame("java.lang.ApplicationShutdownHooks", "runHooks"), frame("java.lang.Shutdown", "exit"),
                frame("java.lang.Runtime", "exit"), frame("java.lang.System", "exit"), frame("com.acme.Crawler", "main"),
                frame("java.lang.Thread", "run")};

        assertThat(SystemExit.place(stack)).hasValueSatisfying(place -> assertThat(place).contains("com.acme.Crawler.main"));
        assertThat(SystemExit.place(new StackTraceElement[]{frame("com.acme.Door", "exit"), stack[6]})).isEmpty();
        assertThat(steps.inSystemExit(processes.backend().pid())).isEmpty();
        assertThat(steps.inSystemExit(123_456)).isEmpty();
    }

    @Test
    @Tag("R52")
    void aShutdownThatItBeganFindsItAndNeedNotWaitForIt() throws Exception {
        Process host = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                ExitingHost.class.getName()).redirectErrorStream(true).start();
        String said = new String(host.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(host.waitFor()).isEqualTo(7);
        assertThat(said).contains("did not go, in System.exit at ", "ExitingHost.leave(ExitingHost.java:", "held false",
                "[entered, fence]");
    }

    private static StackTraceElement frame(String type, String method) {
        return new StackTraceElement(type, method, type.substring(type.lastIndexOf('.') + 1) + ".java", 42);
    }

    @Test
    @Tag("R63")
    void theStackOfItsThreadIsForTheLog() throws Exception {
        CompletableFuture<Long> pid = new CompletableFuture<>();
        inThread(() -> {
            pid.complete(processes.backend().pid());
            return get(new CompletableFuture<>());
        });

        assertThat(steps.stack(get(pid))).contains("thread \"another\"", "\tat ");
    }
}
