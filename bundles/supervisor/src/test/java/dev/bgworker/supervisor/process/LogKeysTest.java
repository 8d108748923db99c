package dev.bgworker.supervisor.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.Backend;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.process.Scope.Event;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** By which keys a line of the log tells whose it is. */
class LogKeysTest {

    private static final Logger LOG = LoggerFactory.getLogger(LogKeysTest.class);

    private final Processes processes = new Processes();
    private final Run run = new Run(processes);
    private KeyedLog log;

    @BeforeEach
    void open() throws ReflectiveOperationException { log = new KeyedLog(); }

    @AfterEach
    void close() throws ReflectiveOperationException {
        log.close();
        processes.close();
    }

    private static String keys(long pid) { return "{library=lib, name=sweeper, pid=" + pid + ", type=janitor}"; }

    @Test
    @Tag("R230")
    void aWorkersLinesAndThoseOfTheHostAboutItsFailureCarryPidAndNameAndNoneAfterItsEnd() {
        run.of(worker -> {
            worker.scope().on(Event.ON_PROC_EXIT, end -> LOG.info("last words"));
            LOG.info("swept");
            throw new IllegalStateException("boom");
        });
        LOG.info("afterwards");

        assertThat(log.keysOf("swept")).isEqualTo(keys(run.pid));
        assertThat(log.keysOf("boom")).isEqualTo(keys(run.pid));
        assertThat(log.keysOf("last words")).isEqualTo(keys(run.pid));
        assertThat(log.keysOf("afterwards")).isEqualTo("{}");
    }

    @Test
    @Tag("R230")
    void theyCarryThemFromTheLookUpOfTheFunctionUntilItIsGivenBack() {
        run.find(definition -> {
            LOG.info("looking for {}", definition.functionName());
            return new FunctionLookup.Function() {
                @Override
                public WorkerMain main() { throw Errors.error("42883", "no such function"); }

                @Override
                public ClassLoader loader() { return LogKeysTest.class.getClassLoader(); }

                @Override
                public void close() { LOG.info("given back"); }
            };
        }).run();

        assertThat(log.keysOf("looking for main")).isEqualTo(keys(run.pid));
        assertThat(log.keysOf("no such function")).isEqualTo(keys(run.pid));
        assertThat(log.keysOf("given back")).isEqualTo(keys(run.pid));
    }

    @Test
    @Tag("R230")
    void theLinesOfAScopesThreadAreItsOwnersAlsoTheOneAboutItsFailure() {
        run.of(worker -> worker.scope().startThread("reader", () -> {
            LOG.info("read");
            throw new IllegalStateException("broken pipe");
        }).join());

        assertThat(log.keysOf("] INFO " + LogKeysTest.class.getName() + " - read")).isEqualTo(keys(run.pid));
        assertThat(log.keysOf("thread \"reader\" of \"sweeper\"")).isEqualTo(keys(run.pid));
    }

    @Test
    @Tag("R230")
    void nothingOfARunIsLeftForTheNext() {
        run.of(worker -> {
            processes.table.mine().orElseThrow().session("postgres", "clerk", null);
            LOG.info("connected");
        });
        long first = run.pid;
        run.of(worker -> LOG.info("not connected"));

        assertThat(log.keysOf("- connected")).isEqualTo(keys(first).replace("{", "{database=postgres, "));
        assertThat(log.keysOf("- not connected")).isEqualTo(keys(run.pid)).doesNotContain("pid=" + first);
    }

    @Test
    void aThreadThatWasABackendHasItsOwnKeysBack() {
        MDC.put("request", "7");
        Backend backend = processes.table.open("till");
        processes.table.mine().orElseThrow().session("postgres", "clerk", null);
        LOG.info("sold");
        backend.close();

        assertThat(log.keysOf("sold")).contains("name=till", "pid=" + backend.pid(), "database=postgres", "request=7");
        assertThat(KeyedLog.keys()).isEqualTo(Map.of("request", "7"));
    }
}
