package dev.bgworker.spi.engine;

/**
 * How a cursor gets its rows; the statements before and after opening tell the engine to hand them out as it finds them, empty
 * where it buffers them. A value.
 */
public record CursorStyle(boolean scroll, String before, String after) {

    /** All rows at once, in any order. */
    public static final CursorStyle SCROLL = new CursorStyle(true, "", "");

    /** All rows at once, forward. */
    public static final CursorStyle BUFFERED = new CursorStyle(false, "", "");

    /** Row by row, forward; on a session whose view is fixed alone, since any other statement could change what comes next. */
    public static CursorStyle streaming(Engine engine) {
        return new CursorStyle(false, engine.lazy(true), engine.lazy(false));
    }

    public boolean streams() { return !before.isEmpty(); }
}
