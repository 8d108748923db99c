package dev.bgworker.spi.engine;

import dev.bgworker.api.host.EngineGate;
import dev.bgworker.api.process.Held;
import java.sql.SQLException;

/**
 * The one way into the engine. A process passes its gate, so that nobody interrupts it inside; and spi's class loader is
 * the thread's context meanwhile, since the engine's own threads inherit it and would keep a replaced library alive.
 * Immutable.
 */
public record Inside(EngineGate gate) {

    private static final ClassLoader SPI = Inside.class.getClassLoader();

    /** Work in the engine. */
    @FunctionalInterface
    public interface Call<T> {
        T run() throws SQLException;
    }

    /** Of a process, on its own thread; arguments as {@link EngineGate#enter}. */
    public <T> T run(Runnable cancel, String doing, Call<T> call) throws SQLException {
        try (Held held = gate.enter(cancel, doing)) {
            return host(call);
        }
    }

    /** Of the host itself: opening, closing, aborting a session; nobody interrupts those threads. */
    public static <T> T host(Call<T> call) throws SQLException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(SPI);
        try {
            return call.run();
        } catch (StackOverflowError e) {
            throw tooDeep(e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** The engine parses by recursion: a statement that nests too deep is in error, and no more than that. */
    static SQLException tooDeep(StackOverflowError e) {
        return new SQLException("stack depth limit exceeded", "54001", e);
    }
}
