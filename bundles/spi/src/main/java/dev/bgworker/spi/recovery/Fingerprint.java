package dev.bgworker.spi.recovery;

import java.sql.ResultSet;
import java.sql.SQLException;

/** Rows in any order: how many, and a sum over what is in them. Not thread-safe. */
final class Fingerprint {

    private long rows;
    private long sum;

    /** Column 1 is the number of the row, and the given ones are the values. */
    void add(ResultSet row, int[] columns) throws SQLException {
        long hash = row.getLong(1);
        for (int column : columns) {
            String value = row.getString(column);
            hash = mixed(hash) + (value == null ? 1L << 40 : value.hashCode());
        }
        rows++;
        sum += mixed(hash);
    }

    long rows() { return rows; }

    boolean same(Fingerprint other) { return rows == other.rows && sum == other.sum; }

    /** Of SplitMix64: without it, two wrong rows would often add up to two right ones. */
    private static long mixed(long hash) {
        long z = hash + 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
