package dev.bgworker.supervisor.process;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What is logged while it is open. */
public final class Log implements AutoCloseable {

    private final PrintStream before = System.err;
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();

    public Log() { System.setErr(new PrintStream(lines, true, StandardCharsets.UTF_8)); }

    public String text() { return lines.toString(StandardCharsets.UTF_8); }

    @Override
    public void close() { System.setErr(before); }
}
