package dev.bgworker.spi;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.spi.Engine.Failure;
import java.sql.SQLException;

import static dev.bgworker.api.process.ErrorData.errcode;

/** What the exceptions of one session mean and become. Owner thread only, except {@link #abortedFromOutside}. */
final class Failures {

    private final Database database;
    // Written once by whoever aborts from outside, before the engine hears of it.
    private volatile boolean aborted;

    Failures(Database database) { this.database = database; }

    /** From here on each exception is that of a dead session: one that is aborted while it runs may fail with anything. */
    void abortedFromOutside() {
        aborted = true;
    }

    Failure meaning(SQLException e) { return aborted ? Failure.SESSION : database.engine().failure(e); }

    ErrorData error(SQLException e, String sql) {
        ErrorData error = meaning(e) == Failure.SESSION ? lost() : database.engine().error(e);
        return error.errcontext("SQL statement \"" + sql + "\"");
    }

    private ErrorData lost() {
        return database.open()
                ? errcode("57P01", "terminating connection due to administrator command")
                : errcode("57P02", "terminating connection because the database was closed");
    }
}
