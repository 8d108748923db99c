package dev.bgworker.launcher;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

/** The unpacked distribution, the counterpart of an installation of PostgreSQL; the tests run on the same folder. */
public record Distribution(Path directory) {

    /** The folder that the running launcher lies in. */
    static Path ofThisJar() {
        try {
            Path jar = Path.of(Distribution.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            return jar.getParent().getParent();
        } catch (URISyntaxException e) {
            throw new RefusedException("cannot tell where bgworkerd is installed: " + e.getMessage(), e);
        }
    }

    /** The bundles that make a host. */
    public List<BundleFile> bundles() {
        return new FeatureXml(directory.resolve("feature.xml"), directory.resolve("system")).bundles();
    }

    /** Settings of a fresh home directory. */
    Path etc() { return directory.resolve("etc"); }

    /** What a demonstration needs beside a home directory. */
    Path demo() { return directory.resolve("demo"); }
}
