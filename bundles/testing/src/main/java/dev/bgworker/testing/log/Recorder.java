package dev.bgworker.testing.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;

/** Where the lines of all loggers go, as slf4j has them be: one for the JVM. Thread-safe. */
public final class Recorder {

    /** Hears lines on the thread that logs. */
    @FunctionalInterface
    public interface Listener {

        /** @param pid of the process that logs by its MDC, 0 for none */
        void line(long pid, Level level, String logger, String message, Throwable thrown);
    }

    private static final List<Listener> LISTENERS = new CopyOnWriteArrayList<>();
    private static final int WRITTEN = written(System.getProperty("dev.bgworker.testing.log", "WARN"));
    private static final PrintStream STDERR = new PrintStream(new FileOutputStream(FileDescriptor.err), true,
            StandardCharsets.UTF_8);

    private Recorder() {}

    private static int written(String level) {
        return level.equals("OFF") ? Integer.MAX_VALUE : Level.valueOf(level).toInt();
    }

    public static void listen(Listener listener) { LISTENERS.add(listener); }

    public static void leave(Listener listener) { LISTENERS.remove(listener); }

    /** Empty when slf4j has chosen this, else the class of what it has chosen. */
    public static String instead() {
        Class<?> chosen = LoggerFactory.getILoggerFactory().getClass();
        return chosen.getName().startsWith(Recorder.class.getPackageName()) ? "" : chosen.getName();
    }

    static void record(Level level, String logger, String message, Throwable thrown) {
        String pid = MDC.get("pid");
        if (level.toInt() >= WRITTEN) {
            synchronized (STDERR) { // a line and its stack together
                STDERR.println("[" + Thread.currentThread().getName() + "] " + level + " " + logger + " - " + message);
                STDERR.print(Stacks.text(thrown));
            }
        }
        LISTENERS.forEach(each -> each.line(pid == null ? 0 : Long.parseLong(pid), level, logger, message, thrown));
    }
}
