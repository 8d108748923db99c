package dev.bgworker.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/**
 * {@code run/bgworkerd.pid}, the counterpart of postmaster.pid: keeps a second host off a home directory.
 *
 * <p>The lock counts, not the file: the system takes it from a process that dies, so a stale pid stops nobody. The file
 * is emptied and never deleted, since a lock on a deleted file would let two hosts in.
 */
final class PidFile implements AutoCloseable {

    private final FileChannel channel;

    private PidFile(FileChannel channel) { this.channel = channel; }

    static PidFile lock(Path file, Path home, long pid) {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!tryLock(channel, false)) {
                channel.close();
                throw new RefusedException("bgworkerd is already running on " + home + " (pid " + owner(file) + ")");
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((pid + "\n").getBytes(StandardCharsets.US_ASCII)));
            return new PidFile(channel);
        } catch (IOException e) {
            throw new RefusedException("cannot lock " + file + ": " + e.getMessage(), e);
        }
    }

    /** The pid of the host that holds the lock; empty if none does. */
    static OptionalLong holder(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return tryLock(channel, true) ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(owner(file)));
        } catch (NoSuchFileException expected) { // never started here
            return OptionalLong.empty();
        } catch (NumberFormatException e) {
            throw new RefusedException("a bgworkerd is starting and has not yet written " + file + "; try again", e);
        } catch (IOException e) {
            throw new RefusedException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static boolean tryLock(FileChannel channel, boolean shared) throws IOException {
        try {
            FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
            return lock != null;
        } catch (OverlappingFileLockException expected) { // held by another host in this JVM
            return false;
        }
    }

    /** Its holder may be between lock and write: then nobody knows its pid yet. */
    private static String owner(Path file) throws IOException {
        String pid = Files.readString(file).strip();
        return pid.isEmpty() ? "not yet known" : pid;
    }

    @Override
    public void close() throws IOException {
        channel.truncate(0);
        channel.close();
    }
}
