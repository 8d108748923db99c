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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code dynamic_library_path}: bundles that are loaded on first need. An index of manifests, by symbolic name; a file is
 * read again only when its size or time changed. Guarded by its monitor.
 */
final class LibraryFolder {

    private static final Logger LOG = LoggerFactory.getLogger("bgworkerd");

    private record Stamp(long size, FileTime time) {}

    private record Entry(Stamp stamp, Optional<BundleFile> bundle) {}

    private final Supplier<List<Path>> folders;
    private final Map<Path, Entry> index = new HashMap<>();

    LibraryFolder(Supplier<List<Path>> folders) { this.folders = folders; }

    List<Path> folders() { return folders.get(); }

    /** The highest version with that symbolic name. */
    synchronized Optional<BundleFile> find(String library) {
        Map<Path, Entry> seen = new HashMap<>();
        for (Path folder : folders.get()) {
            for (Path file : jars(folder)) {
                stamp(file).ifPresent(stamp -> seen.put(file, entry(file, stamp)));
            }
        }
        index.clear();
        index.putAll(seen);
        return index.values().stream().map(Entry::bundle).flatMap(Optional::stream)
                .filter(each -> each.symbolicName().equals(library)).max(Comparator.comparing(BundleFile::version));
    }

    private Entry entry(Path file, Stamp stamp) {
        Entry known = index.get(file);
        if (known != null && known.stamp().equals(stamp)) {
            return known;
        }
        try {
            return new Entry(stamp, Optional.of(BundleFile.read(file)));
        } catch (IOException e) {
            LOG.warn("{} is not taken as a library: {}", file, e.getMessage());
            return new Entry(stamp, Optional.empty());
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
        } catch (IOException expected) { // removed since the folder was read
            return Optional.empty();
        }
    }
}
