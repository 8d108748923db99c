package test_shm_mq;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What is logged while it is open. */
final class Log implements AutoCloseable {

    private final PrintStream before = System.err;
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();

    Log() { System.setErr(new PrintStream(lines, true, StandardCharsets.UTF_8)); }

    String text() { return lines.toString(StandardCharsets.UTF_8); }

    @Override
    public void close() { System.setErr(before); }
}
