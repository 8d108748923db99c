package dev.bgworker.supervisor.library;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * A file that is a whole bundle: each of its entries was read to the end. A value.
 *
 * @param path where it lies
 * @param symbolicName without directives
 * @param digest of its bytes, so that a file that was only touched is known for what it is
 */
record BundleFile(Path path, String symbolicName, Version version, String digest) {

    /** Name and version as a manifest tells them, of a file that was not read any further. */
    record Named(String symbolicName, Version version) {

        private static Named of(Manifest manifest) throws IOException {
            String name = manifest == null ? null : manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME);
            if (name == null) {
                throw new IOException("it is no bundle: its manifest has no " + Constants.BUNDLE_SYMBOLICNAME);
            }
            String version = manifest.getMainAttributes().getValue(Constants.BUNDLE_VERSION);
            try {
                return new Named(name.split(";", 2)[0].trim(), Version.parseVersion(version));
            } catch (IllegalArgumentException e) {
                throw new IOException("its " + Constants.BUNDLE_VERSION + " \"" + version + "\" is no version", e);
            }
        }
    }

    /** Raises IOException with the reason when the file is none. */
    static BundleFile read(Path file) throws IOException {
        refuseLinks(file);
        Named named = Named.of(readWhole(file));
        return new BundleFile(file, named.symbolicName(), named.version(), digest(file));
    }

    /** Reads its manifest alone; raises IOException with the reason when the file is no bundle. */
    static Named name(Path file) throws IOException {
        refuseLinks(file);
        try (JarFile jar = new JarFile(file.toFile())) {
            return Named.of(jar.getManifest());
        } catch (SecurityException e) {
            throw new IOException("its manifest cannot be read: " + e.getMessage(), e);
        }
    }

    /** Raises IOException for what is no file of its own. */
    static void refuseLinks(Path file) throws IOException {
        if (Files.isSymbolicLink(file)) {
            throw new IOException("it is a symbolic link; copy the bundle itself");
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("it is no regular file");
        }
    }

    private static String digest(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Manifest readWhole(Path file) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (JarFile jar = new JarFile(file.toFile())) {
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements();) {
                JarEntry entry = entries.nextElement();
                CRC32 sum = new CRC32();
                try (InputStream in = new CheckedInputStream(jar.getInputStream(entry), sum)) {
                    while (in.read(buffer) >= 0) {
                        continue;
                    }
                }
                if (entry.getCrc() >= 0 && entry.getCrc() != sum.getValue()) { // which reading alone does not look at
                    throw new IOException("checksum of " + entry.getName());
                }
            }
            return jar.getManifest();
        } catch (IOException | SecurityException e) {
            throw new IOException("it is no zip, damaged, or not copied to the end: " + e.getMessage(), e);
        }
    }
}
