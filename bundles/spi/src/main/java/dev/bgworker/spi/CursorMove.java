package dev.bgworker.spi;

import dev.bgworker.api.spi.Portal.Direction;

/**
 * What one FETCH or MOVE does, as in {@code DoPortalRunFetch}. Positions are 0 before the first row, n on row n, and one more
 * than there are rows after the last. A value.
 *
 * @param first the row with the lowest number that is read
 * @param rows how many are read
 * @param backward in the order from the last to the first
 * @param to the position afterwards
 */
record CursorMove(long first, long rows, boolean backward, long to) {

    /** The size of a cursor whose end was not seen yet. */
    static final long UNKNOWN = Long.MAX_VALUE - 1;

    static CursorMove of(long at, long size, Direction direction, long count) {
        return switch (direction) {
            case FORWARD -> count < 0 ? backward(at, size, negated(count)) : forward(at, size, count);
            case BACKWARD -> count < 0 ? forward(at, size, negated(count)) : backward(at, size, count);
            case ABSOLUTE -> count < 0 ? to(plus(size + 1, count), size) : to(count, size);
            case RELATIVE -> count == 0 ? here(at, size) : to(plus(at, count), size);
        };
    }

    /** Whether a cursor that can only scan forward, at that position, must refuse it. */
    boolean goesBack(long at) {
        return to < at || rows > 0 && first <= at;
    }

    private static CursorMove forward(long at, long size, long count) {
        if (count == 0) {
            return here(at, size);
        }
        long rows = Math.max(0, Math.min(count, size - at));
        return new CursorMove(at + 1, rows, false, rows < count ? size + 1 : at + rows);
    }

    private static CursorMove backward(long at, long size, long count) {
        if (count == 0) {
            return here(at, size);
        }
        long last = Math.max(0, Math.min(at - 1, size));
        long rows = Math.min(count, last);
        return new CursorMove(last - rows + 1, rows, true, rows < count ? 0 : last - rows + 1);
    }

    /** Zero rows is the current one again. */
    private static CursorMove here(long at, long size) {
        return new CursorMove(at, at >= 1 && at <= size ? 1 : 0, false, at);
    }

    private static CursorMove to(long row, long size) {
        long position = Math.max(0, Math.min(row, size + 1));
        return new CursorMove(position, position >= 1 && position <= size ? 1 : 0, false, position);
    }

    private static long negated(long count) { return count == Long.MIN_VALUE ? Long.MAX_VALUE : -count; }

    private static long plus(long at, long count) {
        long sum = at + count;
        return count > 0 && sum < 0 ? UNKNOWN : sum;
    }
}
