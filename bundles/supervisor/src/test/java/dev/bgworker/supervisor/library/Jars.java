package dev.bgworker.supervisor.library;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** Files that are, or nearly are, bundles. */
final class Jars {

    private Jars() {}

    static Path bundle(Path file, String symbolicName, String version) throws IOException {
        return jar(file, Map.of("Bundle-SymbolicName", symbolicName, "Bundle-Version", version));
    }

    static Path jar(Path file, Map<String, String> headers) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach(manifest.getMainAttributes()::putValue);
        try (OutputStream out = Files.newOutputStream(file); JarOutputStream jar = new JarOutputStream(out, manifest)) {
            byte[] content = new byte[5000];
            new Random(1).nextBytes(content);
            jar.putNextEntry(new ZipEntry("content"));
            jar.write(content);
            jar.closeEntry();
        }
        return file;
    }
}
