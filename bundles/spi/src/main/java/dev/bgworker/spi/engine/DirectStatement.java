package dev.bgworker.spi.engine;

import dev.bgworker.spi.sql.Command;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A statement that is not of its connection's cache. Owner thread only. */
public final class DirectStatement {

    private static final Tuples.Column[] UNKNOWN = {};

    private DirectStatement() {}

    static Tuples executeAlone(EngineConnection on, Command ddl, Object[] args, int from) throws SQLException {
        return executeAlone(on, ddl, null, () -> {
            try (PreparedStatement statement = on.jdbc().prepareStatement(ddl.sql())) {
                Parameters.bind(statement, args, from, ddl.parameters());
                on.running(statement);
                if (!statement.execute()) {
                    return Tuples.count(statement.getLargeUpdateCount());
                }
                try (ResultSet rows = statement.getResultSet()) {
                    return Tuples.read(rows, Tuples.columns(rows.getMetaData(), UNKNOWN));
                }
            }
        });
    }

    /**
     * Executes DDL in a transaction of its own.
     *
     * @param statement what a cancel ends meanwhile, null for nothing
     */
    public static <T> T executeAlone(EngineConnection on, Command ddl, Statement statement, Inside.Call<T> call)
            throws SQLException {
        return on.inEngine(ddl.tag(), () -> {
            on.runAlone(ddl);
            return run(on, statement, call);
        });
    }

    /**
     * Executes it in the transaction that is open, or begins it.
     *
     * @param statement what a cancel ends meanwhile, null for nothing
     */
    public static <T> T execute(EngineConnection on, String doing, Statement statement, Inside.Call<T> call)
            throws SQLException {
        return on.inEngine(doing, () -> {
            on.use();
            return run(on, statement, call);
        });
    }

    private static <T> T run(EngineConnection on, Statement statement, Inside.Call<T> call) throws SQLException {
        on.running(statement);
        try {
            return call.run();
        } finally {
            on.running(null);
        }
    }
}
