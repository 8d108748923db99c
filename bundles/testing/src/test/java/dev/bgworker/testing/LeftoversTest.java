package dev.bgworker.testing;

import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.process.PanicError;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

import static dev.bgworker.api.process.ErrorData.errcode;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

/** Tests that leave a host in ruins; they are run here, and by nobody else. */
class LeftoversTest {

    private static final String INSIDE = "inside.LeftoversTest";

    /** Ends the deaf one, when its test has been judged. */
    private static final CountDownLatch RELEASED = new CountDownLatch(1);

    @EnabledIfSystemProperty(named = INSIDE, matches = "yes")
    static class Ruins {

        @RegisterExtension
        static final BgworkerExtension HOST = BgworkerExtension.with(HostBuilder::stopAfterCrash);

        @Test
        void oneThatWasGivenUp(TestHost host) {
            TestWorker deaf = host.start(worker -> {
                while (RELEASED.getCount() > 0) {
                    try {
                        RELEASED.await();
                    } catch (InterruptedException expected) {
                        Thread.interrupted(); // heeds nothing
                    }
                }
            });
            deaf.handle().terminate();
            host.elapse(ofSeconds(31));
            assertThat(deaf.details().state()).isEqualTo(State.ABANDONED);
        }

        @Test
        void aCrash(TestHost host) {
            host.start(worker -> {
                throw new PanicError(errcode("XX000", "shared memory is suspect"));
            }).mayFail();
            host.settle();
            assertThat(host.stopped()).isPresent();
        }
    }

    /** By name of the test; null for one that passed. */
    private static Map<String, Throwable> run() {
        Map<String, Throwable> results = new TreeMap<>();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request().selectors(selectClass(Ruins.class))
                .build();
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
            RELEASED.countDown();
        }
        return results;
    }

    @Test
    void testThatLeavesAnAbandonedWorkerOrAStoppedHostFails() {
        Map<String, Throwable> results = run();

        assertThat(results.get("oneThatWasGivenUp")).isInstanceOf(AssertionError.class)
                .hasMessageContaining("worker \"worker-1\" is ABANDONED: ");
        assertThat(results.get("aCrash")).isInstanceOf(AssertionError.class)
                .hasMessageContaining("the host asked to be stopped: ");
    }
}
