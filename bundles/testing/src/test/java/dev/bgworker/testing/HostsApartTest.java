package dev.bgworker.testing;

import dev.bgworker.api.Backend;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.Server;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Several hosts in one JVM, as when tests run in parallel: each has its own lines, though pids are the same. */
class HostsApartTest {

    private static final Logger LOG = LoggerFactory.getLogger("test");

    private static TestHost host() { return TestHost.builder().withoutDatabase().start(); }

    private static WorkerMain telling(String line) {
        return worker -> {
            LOG.info(line);
            CountDownLatch told = new CountDownLatch(1);
            worker.scope().startThread("teller", () -> {
                LOG.info(line + ", by a thread of its own");
                told.countDown();
            });
            told.await();
            Workers.waitForEver(worker);
        };
    }

    private static List<String> said(List<LogLine> lines) {
        return lines.stream().filter(each -> each.logger().equals("test")).map(LogLine::message).toList();
    }

    @Test
    void linesOfAWorkerAreNotThoseOfTheSamePidOfAnotherHost() {
        try (TestHost one = host(); TestHost other = host()) {
            TestWorker here = one.start(telling("one")).awaitIdle("Waits");
            TestWorker there = other.start(telling("other")).awaitIdle("Waits");

            assertThat(here.pid()).isEqualTo(there.pid());
            assertThat(said(here.log())).containsExactly("one", "one, by a thread of its own");
            assertThat(said(one.log())).containsExactly("one", "one, by a thread of its own");
            assertThat(said(other.log())).containsExactly("other", "other, by a thread of its own");
        }
    }

    @Test
    void linesOfListenersAndBackendsAreTheirHosts() {
        try (TestHost one = host(); TestHost other = host()) {
            TestWorker worker = one.start(Workers::waitForEver).awaitIdle("Waits");
            worker.handle().subscribe(event -> LOG.info("heard"));
            one.settle();
            try (Backend backend = one.openBackend("test")) {
                LOG.info("backend");
            }
            LOG.info("test");

            assertThat(said(one.log())).containsExactly("heard", "backend", "test");
            assertThat(said(other.log())).containsExactly("test");
        }
    }

    @Test
    void hostsOwnLinesAreItsOwn() {
        try (TestHost one = host(); TestHost other = host()) {
            one.start(worker -> {
                throw new OutOfMemoryError("as a test says");
            }).mayFail();
            one.settle();

            assertThat(one.log()).anyMatch(each -> each.logger().equals("bgworkerd") && each.message().contains("crashed"));
            assertThat(other.log()).noneMatch(each -> each.message().contains("crashed"));
        }
    }

    @Test
    void hostThatCouldNotBeEndedHearsNoMore() throws InterruptedException {
        TestHost host = host();
        host.supervisor().shutdown(Server.State.FAST_SHUTDOWN, Duration.ofSeconds(1));

        assertThatThrownBy(host::close).hasMessageContaining("the supervisor has stopped");
        LOG.info("afterwards");

        assertThat(said(host.log())).isEmpty();
    }
}
