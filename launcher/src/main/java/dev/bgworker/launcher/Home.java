package dev.bgworker.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The home directory of a host, the counterpart of PGDATA: settings, dropped libraries, data, pid file and log. */
record Home(Path directory) {

    /** Each means something else to FileInstall, to the log's file names or to a database's URL. */
    private static final Pattern UNUSABLE = Pattern.compile("[,;%\\\\]|\\$\\{|\\p{Cntrl}");
    private static final String PID_FILE = "run/bgworkerd.pid";
    private static final String PROPERTIES = "bgworkerd.properties";
    private static final List<String> OPEN = List.of("etc", "deploy", "lib", "log");
    private static final List<String> PRIVATE = List.of("data", "run");

    /** Named by the environment variable BGW_HOME; without it the distribution is its own home. */
    static Path defaultDirectory(Path distribution) {
        return Optional.ofNullable(System.getenv("BGW_HOME")).filter(value -> !value.isBlank())
                .map(value -> Path.of(value).toAbsolutePath().normalize()).orElse(distribution);
    }

    /** Makes the directories that are missing and copies the settings that are missing. */
    void prepare(Distribution distribution) {
        Matcher unusable = UNUSABLE.matcher(directory.toString());
        if (unusable.find()) {
            throw new RefusedException("the home directory " + directory + " has \"" + unusable.group()
                    + "\" in its name, which cannot be used; name another one with --home");
        }
        try {
            for (String name : OPEN) {
                Files.createDirectories(directory.resolve(name));
            }
            for (String name : PRIVATE) {
                Files.setPosixFilePermissions(Files.createDirectories(directory.resolve(name)),
                        PosixFilePermissions.fromString("rwx------"));
            }
            copyMissing(distribution.etc(), directory.resolve("etc"));
        } catch (IOException | UncheckedIOException e) {
            throw new RefusedException("cannot prepare the home directory " + directory + " (" + e
                    + "); name one that you may write with --home", e);
        }
    }

    /** Copies the regular files of one directory that the other does not have. */
    static void copyMissing(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(file.getFileName());
                if (Files.isRegularFile(file) && Files.notExists(copy)) {
                    Files.copy(file, copy);
                }
            }
        }
    }

    Path deploy() { return directory.resolve("deploy"); }

    Path log() { return directory.resolve("log/bgworkerd.log"); }

    PidFile lock(long pid) { return PidFile.lock(directory.resolve(PID_FILE), directory, pid); }

    /** The pid of the host that runs here, if one does. */
    OptionalLong runningPid() {
        return PidFile.holder(directory.resolve(PID_FILE));
    }

    /** Those of the distribution, overlaid with those of the home, which may be few. */
    HostProperties properties(Distribution distribution) {
        return HostProperties.read(
                List.of(distribution.etc().resolve(PROPERTIES), directory.resolve("etc").resolve(PROPERTIES)),
                Map.of("bgw.home", directory.toString()));
    }
}
