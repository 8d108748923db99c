package dev.bgworker.toolkit;

import dev.bgworker.api.Proc;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.Transaction;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * The statements of one transaction. What SPI tells by a negative code is an ERROR here. The session's own thread only.
 */
record Statements(Transactions scope, Transaction transaction, Spi spi, boolean readOnly) implements Transactions.Sql {

    @Override
    public long execute(String sql, Object... args) { return query(sql, args).processed(); }

    @Override
    public SpiResult query(String sql, Object... args) {
        SpiResult result = spi.execute(sql, readOnly, 0, args);
        if (result.code().number() < 0) {
            throw misuse(result.code(), sql);
        }
        return result;
    }

    @Override
    public <T> T single(Class<T> type, String sql, Object... args) {
        SpiResult result = query(sql, args);
        if (result.numvals() != 1) {
            throw new ErrorException(errcode("21000", "query did not return exactly one row")
                    .errdetail("It returned " + result.numvals() + " rows.").errcontext("SQL statement \"" + sql + "\""));
        }
        if (result.natts() != 1) {
            throw new ErrorException(errcode("42601", "query did not return exactly one column")
                    .errdetail("It returned " + result.natts() + " columns.").errcontext("SQL statement \"" + sql + "\""));
        }
        return result.get(0, 1, type);
    }

    @Override
    public <T, X extends Exception> T inSubTransaction(Transactions.Work<T, X> work) throws X {
        return scope.inSubTransaction(work);
    }

    @Override
    public Proc proc() { return scope.proc(); }

    private static ErrorException misuse(SpiResult.Code code, String sql) {
        ErrorData data = switch (code) {
            case ERROR_TRANSACTION -> errcode("0A000", "cannot use transaction commands in SPI")
                    .errhint("The transaction ends with its work; open a subtransaction with inSubTransaction().");
            case ERROR_COPY -> errcode("0A000", "cannot COPY to or from the client in SPI");
            case ERROR_ARGUMENT, ERROR_PARAM -> errcode("22023", "invalid argument of SPI_execute: " + code);
            default -> errcode("XX000", "SPI_execute failed: " + code);
        };
        return new ErrorException(data.errcontext("SQL statement \"" + sql + "\""));
    }
}
