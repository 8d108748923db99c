package dev.bgworker.spi;

import dev.bgworker.spi.cluster.Database;
import dev.bgworker.spi.cluster.Connections;

import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.spi.engine.Engine.Failure;
import java.sql.SQLException;

import static dev.bgworker.api.process.ErrorData.errcode;

/** What the exceptions of one session mean and become. Owner thread only. */
final class Failures {

    private final Database database;
    private final Connections connections;

    Failures(Database database, Connections connections) {
        this.database = database;
        this.connections = connections;
    }

    /** One that is aborted while it runs may fail with anything. */
    Failure meaning(SQLException e) {
        return connections.aborted() ? Failure.SESSION : database.engine().failure(e);
    }

    /** What a function of the host raised in the statement, as it is; what is the engine's, as an ERROR. */
    Ereport raised(SQLException e, String sql) {
        Ereport inside = database.engine().raised(e);
        return inside == null ? new ErrorException(error(e, sql), e) : inside;
    }

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
