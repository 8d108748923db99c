package dev.bgworker.supervisor.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.Server.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Up, and promoted. */
@Timeout(30)
class HostStartTest {

    @TempDir
    Path data;
    private LifeOfAHost host;

    @BeforeEach
    void make() { host = new LifeOfAHost(data); }

    @AfterEach
    void end() { host.close(); }

    private void standby() throws IOException { Files.createFile(data.resolve("standby.signal")); }

    @Test
    @Tag("R35")
    void sharedMemoryIsBuiltBeforeTheDatabasesOpenAndWithoutASignalFileTheStatesFollowOneAnother() throws Exception {
        host.life.start();
        host.life.start();
        host.await(State.CONSISTENT);
        host.await(State.RECOVERY_FINISHED);

        assertThat(host.engine.told()).containsExactly("rebuild 0", "CONSISTENT", "RECOVERY_FINISHED");
    }

    @Test
    void aStandbyStaysConsistentUntilItIsPromotedOnceAndIsNoneAfterThat() throws Exception {
        standby();
        host.life.start();
        host.await(State.CONSISTENT);
        assertThat(host.supervisor.state()).isEqualTo(State.CONSISTENT);

        host.life.promote();
        host.life.promote();

        host.await(State.RECOVERY_FINISHED);
        assertThat(data.resolve("standby.signal")).doesNotExist();
        assertThat(host.engine.told()).containsExactly("rebuild 0", "CONSISTENT", "RECOVERY_FINISHED");
    }

    @Test
    void aPromotionAskedForDuringTheStartComesAfterIt() throws Exception {
        standby();
        host.beforeStart.set(() -> host.life.promote());

        host.life.start();

        host.await(State.CONSISTENT);
        host.await(State.RECOVERY_FINISHED);
    }

    @Test
    void aPromotionThatFailsLeavesAStandbyWhichTheNextStartFindsAndWhichCanBePromotedAgain() throws Exception {
        host.engine.fails("RECOVERY_FINISHED");
        standby();
        host.life.start();
        host.await(State.CONSISTENT);

        host.life.promote().join();
        assertThat(host.supervisor.state()).isEqualTo(State.CONSISTENT);
        assertThat(data.resolve("standby.signal")).exists();
        host.engine.fails("");
        host.life.promote();

        host.await(State.RECOVERY_FINISHED);
        assertThat(data.resolve("standby.signal")).doesNotExist();
    }

    @Test
    void aPromotionAfterTheStopLeavesTheStandbyAStandby() throws Exception {
        standby();
        host.life.start();
        host.await(State.CONSISTENT);
        host.life.stop();

        host.life.promote();

        host.await(State.FAST_SHUTDOWN);
        assertThat(data.resolve("standby.signal")).exists();
        assertThat(host.engine.told()).containsExactly("rebuild 0", "CONSISTENT", "FAST_SHUTDOWN");
    }

    @Test
    void whatCannotBePreloadedEndsTheHostWithStatusOne() throws Exception {
        host.beforeStart.set(() -> {
            throw new IllegalStateException("no such library");
        });

        host.life.start();

        assertThat(host.ended.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(System.getProperty(HostLife.EXIT_STATUS)).isEqualTo("1");
        assertThat(host.engine.told()).doesNotContain("rebuild 0", "CONSISTENT");
    }

    @Test
    void sharedMemoryThatCannotBeBuiltEndsTheHostWithStatusOne() throws Exception {
        host.engine.fails("rebuild 0");

        host.life.start();

        assertThat(host.ended.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(System.getProperty(HostLife.EXIT_STATUS)).isEqualTo("1");
        assertThat(host.engine.told()).doesNotContain("CONSISTENT");
    }

    @Test
    void aStopDuringTheStartIsTheEndOfTheStart() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch loaded = new CountDownLatch(1);
        host.beforeStart.set(() -> {
            loading.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                loaded.countDown();
            }
        });
        host.life.start();
        loading.await();

        host.life.stop();
        go.countDown();
        loaded.await();

        host.await(State.FAST_SHUTDOWN);
        assertThat(host.announced.poll(50, TimeUnit.MILLISECONDS)).isNull();
        assertThat(host.engine.told()).containsExactly("FAST_SHUTDOWN");
    }
}
