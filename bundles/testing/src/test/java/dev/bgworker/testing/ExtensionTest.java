package dev.bgworker.testing;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.spi.ConnectTo;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.slf4j.LoggerFactory;

import static dev.bgworker.api.process.ErrorData.errcode;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

/** What the extension does to tests that leave something behind; those tests are run here, and by nobody else. */
class ExtensionTest {

    private static final String INSIDE = "inside.ExtensionTest";

    /** By name of the test; null for one that passed. */
    private static Map<String, Throwable> run(Class<?> tests) {
        Map<String, Throwable> results = new TreeMap<>();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request().selectors(selectClass(tests)).build();
        System.setProperty(INSIDE, "yes");
        try {
            LauncherFactory.create().execute(request, new TestExecutionListener() {
                @Override
                public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                    if (test.isTest()) {
                        results.put(test.getDisplayName().replaceAll("\\(.*", ""), result.getThrowable().orElse(null));
                    }
                }
            });
        } finally {
            System.clearProperty(INSIDE);
        }
        return results;
    }

    private static final AtomicBoolean RELEASED = new AtomicBoolean();

    @EnabledIfSystemProperty(named = INSIDE, matches = "yes")
    static class Leaves {

        @RegisterExtension
        static final BgworkerExtension HOST = BgworkerExtension.with(with -> with.patience(ofSeconds(2)));

        @Test
        void nothing(TestHost host) { host.start(Workers::waitForEver).awaitIdle("Waits"); }

        @Test
        void anErrorThatNobodyAskedFor(TestHost host) {
            host.start(worker -> {
                throw new ErrorException(errcode("22012", "division by zero"));
            });
            host.settle();
        }

        @Test
        void anErrorThatWasAskedFor(TestHost host) {
            TestWorker worker = host.start(it -> {
                throw new ErrorException(errcode("22012", "division by zero"));
            });
            assertThat(worker.awaitExit().status()).isEqualTo(1);
        }

        @Test
        void aTransactionOpen(TestHost host) {
            host.start(worker -> {
                worker.connect(ConnectTo.database("postgres")).startTransaction().connect().execute("SELECT 1", false, 0);
                Workers.waitForEver(worker);
            }).awaitIdle("Waits");
        }

        @Test
        void aFaultThatNeverCame(TestHost host) {
            host.start(Workers::waitForEver).fail("Spi.execute", 1, new ErrorException(errcode("53100", "full")));
        }

        /** Deaf to all, at work when the test ends. */
        @Test
        void oneThatDoesNotGo(TestHost host) {
            host.start(worker -> {
                while (!RELEASED.get()) {
                    Thread.onSpinWait();
                }
            });
        }

        @Test
        void aFailureOfItsOwn(TestHost host) {
            host.start(worker -> LoggerFactory.getLogger("mine").info("was here")).awaitExit();
            fail("because it wants to");
        }
    }

    @Test
    void testThatLeavesSomethingBehindFails() {
        RELEASED.set(false);
        Map<String, Throwable> results = run(Leaves.class);

        assertThat(results.get("nothing")).isNull();
        assertThat(results.get("anErrorThatWasAskedFor")).isNull();
        assertThat(results.get("anErrorThatNobodyAskedFor")).isInstanceOf(AssertionError.class)
                .hasMessageContaining("ended with status 1, 22012: division by zero").hasMessageContaining("awaitExit()");
        assertThat(results.get("aTransactionOpen")).isInstanceOf(AssertionError.class)
                .hasMessageContaining("waits in Waits inside a transaction");
        assertThat(results.get("aFaultThatNeverCame")).isInstanceOf(AssertionError.class)
                .hasMessageContaining("never came to call 1 of Spi.execute from when that was planned: there were 0");
        RELEASED.set(true);
        assertThat(results.get("oneThatDoesNotGo")).isInstanceOf(AssertionError.class)
                .hasMessageContaining("not idle after 2 s").hasMessageContaining("ExtensionTest.java")
                .hasMessageContaining("did not end");
        assertThat(results.get("aFailureOfItsOwn")).isInstanceOf(AssertionError.class)
                .hasMessageContaining("because it wants to");
        assertThat(results.get("aFailureOfItsOwn").getSuppressed()).singleElement()
                .satisfies(log -> assertThat(log).hasMessageContaining("[1] INFO mine - was here"));
    }

    @EnabledIfSystemProperty(named = INSIDE, matches = "yes")
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class Said {

        @RegisterExtension
        final BgworkerExtension host = BgworkerExtension.with(with -> with.maxWorkerProcesses(1));

        @Test
        void oneSlot(TestHost made) {
            made.start(Workers::waitForEver).awaitIdle();
            Consumer<TestHost> second = it -> it.start(Workers::waitForEver);
            assertThatThrownBy(() -> second.accept(made))
                    .hasMessageContaining("no background worker slot is free");
        }

        @Test
        void withoutAHost() { assertThat(host).isNotNull(); }
    }

    @Test
    void hostIsAsTheExtensionWasToldAndIsMadeForWhoAsks() {
        assertThat(run(Said.class)).containsOnlyKeys("oneSlot", "withoutAHost")
                .allSatisfy((test, thrown) -> assertThat(thrown)
                        .isNull());
    }
}
