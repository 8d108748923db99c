package dev.bgworker.toolkit.pain;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.api.process.Scope;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.TestHost;
import dev.bgworker.toolkit.MainLoop;
import dev.bgworker.toolkit.Recovery;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

/** P21. Each turn opens a file, takes a lock and makes something of the author's own, and closes none; every third one fails. */
@ExtendWith(BgworkerExtension.class)
class LeakTest {

    @TempDir
    Path directory;

    private final List<FileChannel> files = new CopyOnWriteArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger turns = new AtomicInteger();

    private void work(Scope scope) {
        files.add(scope.openFile(directory.resolve("turn"), CREATE, WRITE));
        scope.lock("turn " + turns.get(), LockMode.EXCLUSIVE);
        open.incrementAndGet();
        scope.own(open::decrementAndGet);
        if (turns.incrementAndGet() % 3 == 0) {
            throw new IllegalStateException("the third one");
        }
    }

    private long openFiles() { return files.stream().filter(FileChannel::isOpen).count(); }

    /** A loop in {@code TopMemoryContext}: all that it opens belongs to the session. */
    private void inTheSession(WorkerContext worker) {
        worker.interrupts().unblock();
        while (true) {
            try {
                work(worker.scope());
            } catch (IllegalStateException expected) {
                // it is every third one, and the loop goes on
            }
            WorkerSpi.sleep(worker, ofSeconds(1));
        }
    }

    @Test
    @Tag("P21")
    void oldWayHoldsThemAllUntilItEnds(TestHost host) {
        host.start(this::inTheSession);

        host.advance(ofSeconds(99));

        assertThat(turns).hasValue(100);
        assertThat(open).hasValue(100);
        assertThat(openFiles()).isEqualTo(100);
        assertThat(host.server().locks()).hasSize(100);
    }

    @Test
    @Tag("P21")
    @Tag("R200")
    void turnClosesWhatItOpened(TestHost host) {
        host.start(it -> MainLoop.of(it).every(ofSeconds(1)).recover(Recovery.pausing(ofSeconds(1), ofSeconds(1)))
                .run(this::work));

        host.advance(ofMinutes(2));

        assertThat(turns).hasValueGreaterThan(100);
        assertThat(open).hasValue(0);
        assertThat(openFiles()).isZero();
        assertThat(host.server().locks()).isEmpty();
    }
}
