package dev.bgworker.supervisor.library;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code dynamic_library_path}: an index of manifests, by symbolic name; one is read again only when size or time of its file
 * changed. Thread-safe without a lock: two that need the same file at once both read it.
 */
final class LibraryFolder {

    /** Size and time of the folders and of one file, which stay as they are while nobody changes anything there. */
    record Mark(Map<Path, Stamp> stamps) {}

    record Stamp(long size, FileTime time) {}

    private record Entry(Stamp stamp, Optional<BundleFile.Named> named) {}

    private static final Logger LOG = LoggerFactory.getLogger("bgworkerd");

    private final Supplier<List<Path>> folders;
    private final Map<Path, Entry> index = new ConcurrentHashMap<>();

    LibraryFolder(Supplier<List<Path>> folders) { this.folders = folders; }

    List<Path> folders() { return folders.get(); }

    /** Where the highest version with that symbolic name lies. */
    Optional<Path> find(String library) {
        Map<Path, BundleFile.Named> found = new TreeMap<>();
        Set<Path> seen = new HashSet<>();
        for (Path folder : folders.get()) {
            for (Path file : jars(folder)) {
                stamp(file).flatMap(stamp -> entry(file, stamp).named()).filter(each -> each.symbolicName().equals(library))
                        .ifPresent(each -> found.put(file, each));
                seen.add(file);
            }
        }
        index.keySet().retainAll(seen);
        return found.entrySet().stream().max(Map.Entry.comparingByValue(Comparator.comparing(BundleFile.Named::version)))
                .map(Map.Entry::getKey);
    }

    /** How the folders and that file look now; takes no more than asking for their attributes. */
    Mark mark(Path file) {
        Map<Path, Stamp> stamps = new TreeMap<>();
        folders.get().forEach(folder -> stamp(folder).ifPresent(stamp -> stamps.put(folder, stamp)));
        stamp(file).ifPresent(stamp -> stamps.put(file, stamp));
        return new Mark(Map.copyOf(stamps));
    }

    private Entry entry(Path file, Stamp stamp) {
        Entry known = index.get(file);
        if (known != null && known.stamp().equals(stamp)) {
            return known;
        }
        Entry read = new Entry(stamp, named(file));
        index.put(file, read);
        return read;
    }

    private static Optional<BundleFile.Named> named(Path file) {
        try {
            return Optional.of(BundleFile.name(file));
        } catch (IOException e) {
            LOG.warn("{} is not taken as a library: {}", DeployFolder.shown(file), e.getMessage());
            return Optional.empty();
        }
    }

    private static List<Path> jars(Path folder) {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
                files.forEach(found::add);
            } catch (IOException e) {
                LOG.warn("could not read library folder {}", folder, e);
            }
        }
        return found;
    }

    private static Optional<Stamp> stamp(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return Optional.of(new Stamp(now.size(), now.lastModifiedTime()));
        } catch (IOException expected) { // it is not there, or not there any more
            return Optional.empty();
        }
    }
}
