package dev.bgworker.toolkit;

import dev.bgworker.api.spi.SpiResult;
import java.util.List;

/** A result of one column. */
record Rows(Code code, long processed, int natts, List<?> values) implements SpiResult {

    static Rows of(Object... values) { return new Rows(Code.OK_SELECT, values.length, 1, List.of(values)); }

    static Rows code(Code code) { return new Rows(code, 0, 0, List.of()); }

    @Override
    public int numvals() { return values.size(); }

    @Override
    public int fnumber(String column) { return 1; }

    @Override
    public String fname(int column) { return "value"; }

    @Override
    public String gettype(int column) { return "int4"; }

    @Override
    public <T> T get(int row, int column, Class<T> type) { return type.cast(values.get(row)); }
}
