package dev.bgworker.supervisor.process;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Subprocess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subprocess and its pipes. A thread of the host reads what it writes, another writes what it is to read, since the JVM
 * cannot look at a pipe without waiting; the owner's side only moves bytes in and out of their buffers.
 */
final class PipeStream implements Subprocess {

    private static final Logger LOG = LoggerFactory.getLogger(PipeStream.class);
    private static final int CHUNK = 8192;

    private final BgProc proc;
    private final Process process;
    private final String name;
    private final PipeBuffer output = new PipeBuffer();
    private final PipeBuffer input = new PipeBuffer();
    private final Thread reader;
    private final Thread writer;
    /** Set once, when its scope has taken it. */
    private Held owned;

    private PipeStream(BgProc proc, Process process, String program) {
        this.proc = proc;
        this.process = process;
        this.name = "subprocess " + process.pid() + " \"" + program + "\" of " + proc.inWords();
        this.reader = HostThreads.make("output of " + name, this::read);
        this.writer = HostThreads.make("input of " + name, this::write);
    }

    static PipeStream start(BgProc proc, ProcessBuilder builder) {
        String program = builder.command().isEmpty() ? "" : builder.command().get(0);
        PipeStream stream = new PipeStream(proc, launch(proc, builder, program), program);
        try {
            stream.reader.start();
            stream.writer.start();
        } catch (OutOfMemoryError e) { // no thread is left: nobody would read it
            stream.process.destroyForcibly();
            throw e;
        }
        stream.process.onExit().thenRun(proc.latch()::set);
        return stream;
    }

    private static Process launch(BgProc proc, ProcessBuilder builder, String program) {
        Redirect errors = builder.redirectError();
        boolean nobodyReads = errors.equals(Redirect.PIPE) && !builder.redirectErrorStream();
        try {
            return (nobodyReads ? builder.redirectError(Redirect.INHERIT) : builder).start();
        } catch (IOException e) {
            throw proc.errfinish(new ErrorException(
                    errcode("58P01", "could not start program \"" + program + "\": " + e.getMessage()), e));
        } finally {
            builder.redirectError(errors);
        }
    }

    /** What its scope owns of it. */
    PipeEnd end() {
        return new PipeEnd(process, name, List.of(output, input), List.of(reader, writer));
    }

    void ownedAs(Held possession) { owned = possession; }

    private void read() {
        byte[] chunk = new byte[CHUNK];
        try (InputStream from = process.getInputStream()) {
            for (int length = from.read(chunk); length >= 0; length = from.read(chunk)) {
                output.put(chunk, length);
                proc.latch().set();
            }
        } catch (IOException | InterruptedException e) {
            LOG.debug("the output of {} ends", name, e);
        } finally {
            output.end();
            proc.latch().set();
        }
    }

    private void write() {
        byte[] chunk = new byte[CHUNK];
        try (OutputStream to = process.getOutputStream()) {
            for (int length = input.take(chunk); length >= 0; length = input.take(chunk)) {
                to.write(chunk, 0, length);
                to.flush();
                proc.latch().set();
            }
        } catch (IOException | InterruptedException e) {
            LOG.debug("the input of {} ends", name, e);
        } finally {
            input.end();
            proc.latch().set();
        }
    }

    @Override
    public long pid() { return process.pid(); }

    @Override
    public int read(ByteBuffer into) {
        proc.checkCall();
        return output.poll(into);
    }

    @Override
    public int write(ByteBuffer from) {
        proc.checkCall();
        return input.offer(from);
    }

    @Override
    public void closeInput() {
        proc.checkCall();
        input.end();
    }

    @Override
    public OptionalInt exitStatus() {
        proc.checkCall();
        return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    @Override
    public void close() {
        proc.checkThread();
        owned.close();
    }

    @Override
    public String toString() { return name; }
}
