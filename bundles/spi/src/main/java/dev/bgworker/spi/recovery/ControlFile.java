package dev.bgworker.spi.recovery;

import dev.bgworker.api.process.ErrorException;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * {@code global/pg_control}: how far the server got, as text. Complete or not there: written beside, forced, moved. Not
 * thread-safe; {@link Recovery} alone has it.
 */
final class ControlFile {

    /** As {@code pg_controldata} shows it. */
    enum State {
        SHUT_DOWN("shut down"), IN_PRODUCTION("in production"), IN_CRASH_RECOVERY("in crash recovery");

        final String text;

        State(String text) { this.text = text; }
    }

    private static final String STATE = "state";

    private final Path file;
    private final Map<String, String> values = new TreeMap<>();

    /** @param directory none for a server in memory, which keeps nothing */
    ControlFile(Optional<Path> directory) {
        this.file = directory.map(global -> global.resolve("pg_control")).orElse(null);
    }

    /** What the last write left; nothing before the first. */
    void read() {
        values.clear();
        if (file != null && Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                Properties read = new Properties();
                read.load(reader);
                read.stringPropertyNames().forEach(key -> values.put(key, read.getProperty(key)));
            } catch (IOException | IllegalArgumentException e) {
                throw new ErrorException(errcode("58030", "could not read file \"" + file + "\": " + e)
                        .errhint("Remove it to have all databases checked."), e);
            }
        }
    }

    boolean is(State state) { return state.text.equals(values.get(STATE)); }

    void set(State state) { values.put(STATE, state.text); }

    /** Null when there is none. */
    String get(String key) { return values.get(key); }

    /** Whether a key begins so. */
    boolean any(String prefix) {
        return values.keySet().stream().anyMatch(key -> key.startsWith(prefix));
    }

    /** Null removes it. */
    void set(String key, String value) {
        if (value == null) {
            values.remove(key);
        } else {
            values.put(key, value);
        }
    }

    /** On the disk when this returns. */
    void write() {
        if (file == null) {
            return;
        }
        try {
            Files.createDirectories(file.getParent());
            Path beside = file.resolveSibling("pg_control.new");
            StringWriter text = new StringWriter();
            Properties all = new Properties();
            all.putAll(values);
            all.store(text, null);
            try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                channel.write(StandardCharsets.UTF_8.encode(text.toString()));
                channel.force(true);
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
            Forced.directory(file.getParent());
        } catch (IOException e) {
            throw new ErrorException(errcode("58030", "could not write file \"" + file + "\": " + e)
                    .errhint("Check that there is room, and that it belongs to the user of the host."), e);
        }
    }
}
