package dev.bgworker.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints; filled in by the build. */
final class Versions implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
        Properties versions = read();
        return new String[]{"bgworkerd " + versions.getProperty("bgworkerd"),
                "JDK " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
                "Apache Felix " + versions.getProperty("felix"), "H2 " + versions.getProperty("h2")};
    }

    static String bgworkerd() throws IOException { return read().getProperty("bgworkerd"); }

    private static Properties read() throws IOException {
        try (InputStream in = Versions.class.getResourceAsStream("versions.properties")) {
            Properties versions = new Properties();
            versions.load(in);
            return versions;
        }
    }
}
