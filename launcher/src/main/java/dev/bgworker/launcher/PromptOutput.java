package dev.bgworker.launcher;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.Charset;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * Standard output of a host with a shell: a line that is logged while the shell reads is printed above its prompt.
 *
 * <p>The shell's profile registers its line reader as a service; without one a line goes straight out. Used under the
 * lock of the PrintStream around it.
 */
final class PromptOutput extends OutputStream {

    private static final String READER = "org.jline.reader.LineReader";

    private final PrintStream terminal;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    /** Written once by the main thread, after the framework's init. */
    private volatile BundleContext context;

    PromptOutput(PrintStream terminal) { this.terminal = terminal; }

    void follow(BundleContext framework) { context = framework; }

    @Override
    public void write(int octet) {
        line.write(octet);
        if (octet == '\n') {
            print(line.toString(Charset.defaultCharset()));
            line.reset();
        }
    }

    @Override
    public void close() throws IOException {
        line.writeTo(terminal);
        terminal.flush();
    }

    private void print(String text) {
        BundleContext framework = context;
        ServiceReference<?> reader = framework == null ? null : reader(framework);
        if (reader == null || !printAbove(framework, reader, text)) {
            terminal.print(text);
            terminal.flush();
        }
    }

    private static ServiceReference<?> reader(BundleContext framework) {
        try {
            return framework.getServiceReference(READER);
        } catch (IllegalStateException expected) { // the framework has stopped, and the shell with it
            return null;
        }
    }

    private static boolean printAbove(BundleContext framework, ServiceReference<?> reference, String text) {
        Object reader = framework.getService(reference);
        try {
            if (reader != null) {
                reader.getClass().getMethod("printAbove", String.class).invoke(reader, text);
            }
            return reader != null;
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException expected) {
            return false; // the caller prints the line itself
        }
    }
}
