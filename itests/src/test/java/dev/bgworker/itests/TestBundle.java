package dev.bgworker.itests;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Writes small bundles with classes of the tests, and other versions of built ones. One thread. */
public final class TestBundle {

    private static final String API = "dev.bgworker.api;version=\"[1,2)\",dev.bgworker.api.control;version=\"[1,2)\","
            + "dev.bgworker.api.ipc;version=\"[1,2)\",dev.bgworker.api.process;version=\"[1,2)\","
            + "dev.bgworker.api.spi;version=\"[1,2)\",org.osgi.framework";

    private final Map<String, byte[]> entries = new TreeMap<>();
    private final Manifest manifest = new Manifest();
    private final StringJoiner components = new StringJoiner(",");

    private TestBundle(String symbolicName, String version) {
        header("Manifest-Version", "1.0");
        header("Bundle-ManifestVersion", "2");
        header("Bundle-SymbolicName", symbolicName);
        header("Bundle-Version", version);
        header("Import-Package", API);
    }

    public static TestBundle of(String symbolicName, String version) { return new TestBundle(symbolicName, version); }

    /** A function of that name. */
    public TestBundle function(String name, Class<?> worker) {
        return component(name, worker, "WorkerMain", Map.of(), "");
    }

    /** A static worker as the annotation declares it; the properties are its members. */
    public TestBundle annotated(String function, Class<?> worker, Map<String, String> properties) {
        return component(function, worker, "WorkerMain", properties, "");
    }

    /** A static worker whose component needs a service. */
    public TestBundle annotated(String function, Class<?> worker, Map<String, String> properties, Class<?> service) {
        return component(function, worker, "WorkerMain", properties,
                "<reference name='task' bind='setTask' interface='" + service.getName() + "'/>");
    }

    /** A {@code _PG_init}. */
    public TestBundle library(Class<?> library) {
        return component("library", library, "Library", Map.of(), "");
    }

    /** Makes it one that does not resolve. */
    public TestBundle importing(String aPackage) {
        header("Import-Package", API + "," + aPackage);
        return this;
    }

    private TestBundle component(String name, Class<?> type, String service, Map<String, String> properties,
            String reference) {
        StringBuilder xml = new StringBuilder("<scr:component xmlns:scr='http://www.osgi.org/xmlns/scr/v1.3.0' name='")
                .append(name).append("'><implementation class='").append(type.getName()).append("'/>");
        properties.forEach((key, value) -> xml.append("<property name='bgw.").append(key).append("' value='").append(value)
                .append("'/>"));
        xml.append("<service scope='").append(service.equals("Library") ? "singleton" : "prototype")
                .append("'><provide interface='dev.bgworker.api.").append(service).append("'/></service>").append(reference)
                .append("</scr:component>");
        String file = "OSGI-INF/" + name + ".xml";
        entries.put(file, xml.toString().getBytes(StandardCharsets.UTF_8));
        header("Service-Component", components.add(file).toString());
        String code = type.getName().replace('.', '/') + ".class";
        try (InputStream in = type.getClassLoader().getResourceAsStream(code)) {
            entries.put(code, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    private void header(String name, String value) { manifest.getMainAttributes().putValue(name, value); }

    /** Writes it there. */
    public Path write(Path file) {
        try {
            Files.createDirectories(file.getParent());
            try (OutputStream out = Files.newOutputStream(file); JarOutputStream jar = new JarOutputStream(out, manifest)) {
                for (Map.Entry<String, byte[]> each : entries.entrySet()) {
                    jar.putNextEntry(new JarEntry(each.getKey()));
                    jar.write(each.getValue());
                }
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A built bundle under another version. */
    public static TestBundle copy(Path built, String version) {
        TestBundle copy = new TestBundle("", version);
        try (JarFile jar = new JarFile(built.toFile())) {
            jar.getManifest().getMainAttributes().forEach((key, value) -> copy.header(key.toString(), value.toString()));
            copy.header("Bundle-Version", version);
            for (JarEntry entry : java.util.Collections.list(jar.entries())) {
                if (!entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        copy.entries.put(entry.getName(), in.readAllBytes());
                    }
                }
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
