package dev.bgworker.supervisor.process;

import static dev.bgworker.supervisor.process.Processes.LONG;
import static dev.bgworker.supervisor.process.Processes.error;
import static dev.bgworker.supervisor.process.Processes.errorElsewhere;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.process.Subprocess;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SubprocessTest {

    private final Processes processes = new Processes();
    private final BgProc proc = processes.backend();
    private final StringBuilder output = new StringBuilder();

    @AfterEach
    void close() { processes.close(); }

    private Subprocess shell(String script) { return shell(proc.scope(), script); }

    private static Subprocess shell(Scope scope, String script) {
        return scope.openPipeStream(new ProcessBuilder("sh", "-c", script));
    }

    /** The one right loop: reset, look for work, wait. */
    private void until(BooleanSupplier done) {
        proc.latch().reset();
        while (!done.getAsBoolean()) {
            assertThat(proc.latch().await(LONG, "test")).isTrue();
            proc.latch().reset();
        }
    }

    private boolean readAll(Subprocess program) {
        ByteBuffer bytes = ByteBuffer.allocate(1000);
        int length = program.read(bytes);
        while (length > 0) {
            output.append(new String(bytes.array(), 0, length, StandardCharsets.UTF_8));
            length = program.read(bytes.clear());
        }
        return length < 0;
    }

    private static ProcessHandle handle(Subprocess program) { return ProcessHandle.of(program.pid()).orElseThrow(); }

    @Test
    void itsOutputAndItsEndSetTheLatch() {
        Subprocess program = shell("echo one; echo two; exit 7");

        until(() -> readAll(program));
        until(() -> program.exitStatus().isPresent());

        assertThat(output.toString()).isEqualTo("one\ntwo\n");
        assertThat(program.exitStatus()).hasValue(7);
        assertThat(program.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @Test
    void whatIsWrittenIsReadByItUpToTheEndOfItsInput() {
        Subprocess program = shell("cat");
        byte[] line = "0123456789\n".repeat(30_000).getBytes(StandardCharsets.UTF_8);
        ByteBuffer rest = ByteBuffer.wrap(line);

        until(() -> {
            program.write(rest);
            readAll(program);
            return !rest.hasRemaining();
        });
        program.closeInput();
        until(() -> readAll(program));
        until(() -> program.exitStatus().isPresent());

        assertThat(output.toString()).isEqualTo(new String(line, StandardCharsets.UTF_8));
        assertThat(program.exitStatus()).hasValue(0);
        assertThat(program.write(rest)).isEqualTo(-1);
    }

    @Test
    void whatNobodyTakesHoldsItUpInsteadOfFillingTheMemory() {
        Subprocess program = shell("i=0; while [ $i -lt 40 ]; do head -c 10000 /dev/zero; i=$((i+1)); done");
        ByteBuffer bytes = ByteBuffer.allocate(1_000_000);
        until(() -> program.read(bytes) > 0);

        until(() -> { // all that is here, since the last bytes and the end may have been told before the reset
            int length = program.read(bytes);
            while (length > 0) {
                length = program.read(bytes);
            }
            return length < 0;
        });

        assertThat(bytes.position()).isEqualTo(400_000);
    }

    @Test
    void aWriteToOneThatDoesNotReadTakesWhatThereIsRoomForAndDoesNotWait() {
        Subprocess program = shell("read line; echo done");
        ByteBuffer bytes = ByteBuffer.allocate(1_000_000);

        int taken = program.write(bytes);

        assertThat(taken).isBetween(1, 200_000);
        assertThat(program.exitStatus()).isEmpty();
        program.close();
    }

    @Test
    void oneThatReadsNoMoreIsToldByAWrite() {
        Subprocess program = shell("exec <&-; echo closed; read x <&1");
        until(() -> {
            readAll(program);
            return output.length() > 0;
        });

        until(() -> program.write(ByteBuffer.allocate(10)) < 0);
    }

    @Test
    void withItsScopeItEndsAndSoDoItsDescendants() throws Exception {
        Scope scope = proc.scope().open("x");
        Subprocess program = shell(scope, "sleep 30 & echo $!; wait");
        until(() -> {
            readAll(program);
            return output.indexOf("\n") > 0;
        });
        ProcessHandle child = ProcessHandle.of(Long.parseLong(output.toString().trim())).orElseThrow();
        ProcessHandle itself = handle(program);

        scope.close();

        assertThat(itself.isAlive()).isFalse();
        assertThat(child.onExit().get(20, TimeUnit.SECONDS).isAlive()).isFalse();
    }

    @Test
    void oneThatIgnoresTheRequestIsDestroyedAfterASecond() {
        Subprocess program = shell("trap '' TERM; sleep 30 & echo ready; wait; sleep 30");
        until(() -> {
            readAll(program);
            return output.length() > 0;
        });
        ProcessHandle itself = handle(program);
        long start = System.nanoTime();

        ExitSequence.run(proc, 0, true);

        assertThat(itself.isAlive()).isFalse();
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isBetween(1000L, 10_000L);
    }

    @Test
    void aSignalToTheWorkerDoesNotReachIt() {
        Subprocess program = shell("echo ready; cat");
        until(() -> {
            readAll(program);
            return output.length() > 0;
        });

        proc.raise(Signal.INT);
        assertThat(error(proc.interrupts()::check).sqlState()).isEqualTo("57014");

        assertThat(program.exitStatus()).isEmpty();
        program.closeInput();
        until(() -> program.exitStatus().isPresent());
        assertThat(program.exitStatus()).hasValue(0);
    }

    @Test
    void closingItEndsItAtOnceAndIsIdempotentAndItsThreadsEndWithIt() {
        Subprocess program = shell("cat");
        ProcessHandle itself = handle(program);

        program.close();
        program.close();

        assertThat(itself.isAlive()).isFalse();
        assertThat(Thread.getAllStackTraces().keySet()).noneMatch(
                thread -> thread.isAlive() && thread.getName().contains("subprocess " + program.pid() + " "));
    }

    @Test
    void itBelongsToItsThreadAndWhatCannotBeStartedIsTold() throws Exception {
        Subprocess program = shell("exec cat");
        assertThat(errorElsewhere(program::exitStatus).sqlState()).isEqualTo("XX000");
        assertThat(errorElsewhere(program::close).sqlState()).isEqualTo("XX000");

        assertThat(error(() -> proc.scope().openPipeStream(new ProcessBuilder("/no/such/program")))).satisfies(
                failed -> assertThat(failed.sqlState() + failed.message()).contains("58P01", "\"/no/such/program\""));
        program.close();
    }
}
