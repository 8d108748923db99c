package dev.bgworker.spi;

import dev.bgworker.spi.engine.Tuples;
import dev.bgworker.spi.engine.Cast;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.spi.engine.Tuples.Column;

import static dev.bgworker.api.process.ErrorData.errcode;

/** The result of one call, readable until its level of SPI is finished. Owner thread only. */
record SpiRows(SpiLevel level, Code code, Tuples tuples) implements SpiResult {

    static SpiRows misuse(SpiLevel level, Code code) { return new SpiRows(level, code, Tuples.count(0)); }

    @Override
    public long processed() { return tuples.processed(); }

    @Override
    public int numvals() { return tuples.rows().size(); }

    @Override
    public int natts() { return tuples.columns().length; }

    @Override
    public int fnumber(String column) {
        level.checkConnected();
        for (int i = 0; i < tuples.columns().length; i++) {
            if (tuples.columns()[i].name().equals(column)) {
                return i + 1;
            }
        }
        throw level.session().raise(errcode("42703", "column \"" + column + "\" does not exist"));
    }

    @Override
    public String fname(int column) { return column(column).name(); }

    @Override
    public String gettype(int column) {
        Column found = column(column);
        return level.session().home().engine().typeName(found.type(), found.typeName());
    }

    @Override
    public <T> T get(int row, int column, Class<T> type) {
        column(column);
        if (row < 0 || row >= tuples.rows().size()) {
            throw level.session().raise(errcode("22003", "row " + row + " does not exist")
                    .errdetail("There are " + tuples.rows().size() + " rows, counted from 0."));
        }
        try {
            return Cast.to(type, tuples.rows().get(row)[column - 1]);
        } catch (ErrorException e) {
            throw level.session().raise(e.data().errcontext("column \"" + tuples.columns()[column - 1].name() + "\""));
        }
    }

    private Column column(int number) {
        level.checkConnected();
        if (number < 1 || number > tuples.columns().length) {
            throw level.session().raise(errcode("42703", "column " + number + " does not exist")
                    .errdetail("There are " + tuples.columns().length + " columns, counted from 1."));
        }
        return tuples.columns()[number - 1];
    }
}
