package dev.bgworker.supervisor.process;

import static dev.bgworker.supervisor.process.Processes.LONG;
import static dev.bgworker.supervisor.process.Processes.error;
import static dev.bgworker.supervisor.process.Processes.errorElsewhere;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.process.Scope;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScopeResourcesTest {

    @TempDir
    Path folder;

    private final Processes processes = new Processes();
    private final BgProc proc = processes.backend();
    private final Scope process = proc.scope();

    @AfterEach
    void close() { processes.close(); }

    @Test
    void aFileIsClosedWithItsScopeOrWithTheProcess() throws Exception {
        Path path = Files.writeString(folder.resolve("a"), "text");
        Scope scope = process.open("x");
        FileChannel inner = scope.openFile(path);
        FileChannel outer = process.openFile(folder.resolve("b"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);

        scope.commit();
        assertThat(inner.isOpen()).isFalse();
        assertThat(outer.isOpen()).isTrue();
        ExitSequence.run(proc, 0, false);

        assertThat(outer.isOpen()).isFalse();
    }

    @Test
    void whyAFileCannotBeOpenedIsTold() throws Exception {
        Path path = folder.resolve("a");
        assertThat(error(() -> process.openFile(path))).satisfies(refused -> {
            assertThat(refused.sqlState()).isEqualTo("58P01");
            assertThat(refused.message()).isEqualTo("could not open file \"" + path + "\": No such file or directory");
        });
        Files.createFile(path);
        assertThat(error(() -> process.openFile(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)).sqlState())
                .isEqualTo("58P02");
        assertThat(error(() -> process.openFile(folder, StandardOpenOption.WRITE)).sqlState()).isEqualTo("58030");
    }

    @Test
    void filesThatWereClosedAreRememberedNoMore() throws Exception {
        Path path = Files.createFile(folder.resolve("a"));
        Map<AutoCloseable, Possessions.Owned> index = Possessions.index();
        Possessions possessions = new Possessions("test", index);
        for (int i = 0; i < 100; i++) {
            FileChannel file = FileChannel.open(path);
            possessions.add(file, "file");
            file.close();
        }

        assertThat(index).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void onlyTheOwnersThreadOpensThroughItAndOnlyWhileItIsOpen() throws Exception {
        Scope scope = process.open("x");
        assertThat(errorElsewhere(() -> scope.openFile(folder)).sqlState()).isEqualTo("XX000");
        assertThat(errorElsewhere(() -> scope.startThread("x", () -> {})).sqlState()).isEqualTo("XX000");
        scope.close();

        assertThat(error(() -> scope.openFile(folder)).sqlState()).isEqualTo("55000");
        assertThat(error(() -> scope.openPipeStream(new ProcessBuilder("true"))).sqlState()).isEqualTo("55000");
        assertThat(error(() -> scope.startThread("x", () -> {})).sqlState()).isEqualTo("55000");
    }

    @Test
    void aThreadIsToldByInterruptAndHasEndedWhenItsScopeHas() throws Exception {
        Scope scope = process.open("x");
        CountDownLatch told = new CountDownLatch(1);
        Thread thread = scope.startThread("reader", () -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                told.countDown();
            }
        });

        scope.abort();

        assertThat(told.getCount()).isZero();
        assertThat(thread.isAlive()).isFalse();
        assertThat(thread.getName()).isEqualTo("reader");
        assertThat(thread.isDaemon()).isTrue();
        assertThat(proc.latch().await(LONG, "test")).isTrue();
    }

    @Test
    void aThreadIsNotTheProcess() throws Exception {
        AtomicReference<String> state = new AtomicReference<>();
        Thread thread = process.startThread("reader", () -> {
            proc.latch().set();
            state.set(error(() -> process.open("x")).sqlState() + processes.table.mine().isPresent());
        });
        thread.join();

        assertThat(state.get()).isEqualTo("XX000false");
    }

    @Test
    void threadsThatStayCostOneSecondAllTogetherAndAreNamed() throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        Scope scope = process.open("x");
        for (int i = 0; i < 5; i++) {
            scope.startThread("stubborn " + i, () -> {
                while (free.getCount() > 0) {
                    Thread.onSpinWait();
                }
            });
        }
        long start = System.nanoTime();
        try (Log log = new Log()) {
            scope.close();

            assertThat(log.text()).contains("stubborn 0", "stubborn 4", "\"test\" (PID 1)");
        } finally {
            free.countDown();
        }
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isBetween(1000L, 4500L);
    }

    @Test
    void whatAThreadThrowsIsLoggedWithItsName() throws Exception {
        try (Log log = new Log()) {
            process.startThread("breaks", () -> {
                throw new IllegalStateException("boom");
            }).join();

            assertThat(log.text()).contains("thread \"breaks\" of \"test\" (PID 1) failed", "boom");
        }
    }
}
