package dev.bgworker.supervisor.process;

import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.MDC;
import org.slf4j.helpers.BasicMDCAdapter;
import org.slf4j.spi.MDCAdapter;

/**
 * What is logged while it is open, each line behind the keys that its thread had then. slf4j-simple keeps no keys, and slf4j
 * offers no way to give it what does.
 */
final class KeyedLog implements AutoCloseable {

    private final PrintStream errBefore = System.err;
    private final MDCAdapter keysBefore = MDC.getMDCAdapter();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    KeyedLog() throws ReflectiveOperationException {
        keep(new BasicMDCAdapter());
        System.setErr(new PrintStream(OutputStream.nullOutputStream()) {
            @Override
            public void println(String line) { lines.add(keys() + " " + line); }
        });
    }

    /** Of the calling thread, in the order of their names. */
    static Map<String, String> keys() {
        Map<String, String> keys = MDC.getCopyOfContextMap();
        return keys == null ? Map.of() : new TreeMap<>(keys);
    }

    /** The keys of the one line that contains it. */
    String keysOf(String text) {
        List<String> found = lines.stream().filter(line -> line.contains(text)).toList();
        if (found.size() != 1) {
            throw new AssertionError("\"" + text + "\" is in " + found + " of " + lines);
        }
        return found.get(0).substring(0, found.get(0).indexOf('}') + 1);
    }

    private static void keep(MDCAdapter keys) throws ReflectiveOperationException {
        Field adapter = MDC.class.getDeclaredField("mdcAdapter");
        adapter.setAccessible(true);
        adapter.set(null, keys);
    }

    @Override
    public void close() throws ReflectiveOperationException {
        System.setErr(errBefore);
        keep(keysBefore);
    }
}
