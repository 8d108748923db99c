package dev.bgworker.spi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePathWrapper;

/** The engine's files, on a disk that is full when a test says so: {@code full:async:...}. */
public final class FullDisk extends FilePathWrapper {

    // Written by a test.
    static volatile boolean full;

    @Override
    public String getScheme() { return "full"; }

    @Override
    public FileChannel open(String mode) throws IOException { return new File(super.open(mode)); }

    private static final class File extends FileBaseDefault {

        private final FileChannel file;

        File(FileChannel file) { this.file = file; }

        @Override
        public int write(ByteBuffer from, long at) throws IOException {
            if (full) {
                throw new IOException("No space left on device");
            }
            return file.write(from, at);
        }

        @Override
        public int read(ByteBuffer into, long at) throws IOException { return file.read(into, at); }

        @Override
        public long size() throws IOException { return file.size(); }

        @Override
        public void force(boolean metaData) throws IOException { file.force(metaData); }

        @Override
        public FileLock tryLock(long from, long size, boolean shared) throws IOException {
            return file.tryLock(from, size, shared);
        }

        @Override
        protected void implTruncate(long size) throws IOException { file.truncate(size); }

        @Override
        protected void implCloseChannel() throws IOException { file.close(); }
    }
}
