package dev.bgworker.itests;

import static dev.bgworker.itests.SpiHost.LONG;
import static dev.bgworker.itests.SpiHost.POSTGRES;
import static dev.bgworker.itests.SpiHost.waitForEver;
import static dev.bgworker.itests.SpiHost.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Interrupts.Hold;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** What is raised in the middle of a transaction, and what becomes of it in the process. */
public class RaisedBySpiTest {

    @Rule
    public final TestedHost tested = new TestedHost();
    private SpiHost host;

    @Before
    public void start() {
        host = tested.host();
        host.createTables();
    }

    @Test
    @Proves("R108")
    public void whatADyingWorkerUnwindsIsNoSwallow() throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            for (Signal signal : new Signal[]{Signal.TERM, Signal.QUIT}) {
                CountDownLatch wrote = new CountDownLatch(1);
                BackgroundWorkerHandle handle = host.register(RestartPolicy.NEVER, worker -> {
                    try (Transaction tx = worker.connect(POSTGRES).startTransaction(); Spi spi = tx.connect()) {
                        write(spi);
                        wrote.countDown();
                        waitForEver(worker);
                    }
                });
                assertThat(wrote.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
                host.supervisor().signal(handle.details().pid(), signal);
                handle.awaitShutdown(LONG);
            }
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("terminating background worker")
                .doesNotContain("swallowed").doesNotContain("closed without commit");
    }

    @Test
    @Proves("R111")
    public void anErrorOfTheEngineSetsHoldsToZero() {
        Held held = host.backend().interrupts().hold(Hold.INTERRUPTS);
        try (Transaction tx = host.session().startTransaction(); Spi spi = tx.connect()) {
            host.supervisor().signal(host.backend().pid(), Signal.INT);
            host.backend().interrupts().check();
            assertThat(sqlState(() -> spi.execute("INSERT INTO kept VALUES (1, 1)", false, 0))).isEqualTo("23505");
        }
        assertThat(sqlState(host.backend().interrupts()::check)).isEqualTo("57014");
        held.close();
    }

    private static String sqlState(Runnable call) {
        return catchThrowable(call::run) instanceof ErrorException error ? error.data().sqlState() : "none";
    }
}
