package dev.bgworker.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The framework and system properties of a host, from {@code bgworkerd.properties}; the tests read the same file.
 *
 * <p>{@code ${name}} stands for another property of the file or a given one. A key {@code system.name} is the system
 * property {@code name}, every other key a framework property.
 */
public record HostProperties(Map<String, String> framework, Map<String, String> system) {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]*)}");
    private static final String SYSTEM = "system.";

    /** Reads the file; what is given wins over the file. */
    public static HostProperties read(Path file, Map<String, String> given) {
        return read(List.of(file), given);
    }

    /** Reads the files; a later one wins over an earlier one, and what is given over all. */
    static HostProperties read(List<Path> files, Map<String, String> given) {
        Properties read = new Properties();
        files.forEach(file -> load(file, read));
        Path file = files.get(files.size() - 1);
        Map<String, String> raw = new TreeMap<>();
        read.stringPropertyNames().forEach(key -> raw.put(key, read.getProperty(key)));
        raw.putAll(given);
        Map<String, String> framework = new LinkedHashMap<>();
        Map<String, String> system = new LinkedHashMap<>();
        for (String key : raw.keySet()) {
            String value = new Interpolation(file, raw).value(key, "");
            if (key.startsWith(SYSTEM)) {
                system.put(key.substring(SYSTEM.length()), value);
            } else {
                framework.put(key, value);
            }
        }
        return new HostProperties(framework, system);
    }

    private static void load(Path file, Properties into) {
        try (Reader in = Files.newBufferedReader(file)) {
            into.load(in);
        } catch (IOException | IllegalArgumentException e) {
            throw new RefusedException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private record Interpolation(Path file, Map<String, String> raw) {

        /** The path of keys that led here finds a circle. */
        String value(String key, String path) {
            if (path.contains(" " + key + " ")) {
                throw new RefusedException(file + ": " + key + " refers to itself through" + path);
            }
            return REFERENCE.matcher(raw.get(key)).replaceAll(reference -> {
                String name = reference.group(1);
                if (!raw.containsKey(name)) {
                    throw new RefusedException(file + ": " + key + " refers to " + name + ", which is not set");
                }
                return Matcher.quoteReplacement(value(name, path.isEmpty() ? " " + key + " " : path + key + " "));
            });
        }
    }
}
