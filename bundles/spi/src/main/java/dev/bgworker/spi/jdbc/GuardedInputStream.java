package dev.bgworker.spi.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.concurrent.Callable;

/** The bytes of a large object, each read of them behind the guard. */
final class GuardedInputStream extends InputStream {

    private final Guard guard;
    private final InputStream raw;

    GuardedInputStream(Guard guard, InputStream raw) {
        this.guard = guard;
        this.raw = raw;
    }

    /** Streams of the engine throw IOException, the guard's calls SQLException; each comes out as the former. */
    static int read(Guard guard, Callable<Integer> read) throws IOException {
        try {
            Object got = guard.fetch(() -> {
                try {
                    return read.call();
                } catch (IOException e) {
                    return e;
                } catch (SQLException | RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new SQLException(e);
                }
            });
            if (got instanceof IOException failed) {
                throw failed;
            }
            return (Integer) got;
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    @Override
    public int read() throws IOException { return read(guard, raw::read); }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        return read(guard, () -> raw.read(into, from, length));
    }

    @Override
    public int available() throws IOException { return read(guard, raw::available); }

    @Override
    public void close() throws IOException {
        if (!guard.over()) {
            read(guard, () -> {
                raw.close();
                return 0;
            });
        }
    }
}
