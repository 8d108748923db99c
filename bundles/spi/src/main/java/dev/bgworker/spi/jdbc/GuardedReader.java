package dev.bgworker.spi.jdbc;

import java.io.IOException;
import java.io.Reader;

/** The characters of a large object, each read of them behind the guard. */
final class GuardedReader extends Reader {

    private final Guard guard;
    private final Reader raw;

    GuardedReader(Guard guard, Reader raw) {
        this.guard = guard;
        this.raw = raw;
    }

    @Override
    public int read(char[] into, int from, int length) throws IOException {
        return GuardedInputStream.read(guard, () -> raw.read(into, from, length));
    }

    @Override
    public void close() throws IOException {
        if (!guard.over()) {
            GuardedInputStream.read(guard, () -> {
                raw.close();
                return 0;
            });
        }
    }
}
