package dev.bgworker.spi.engine;

import dev.bgworker.spi.sql.Command;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** A statement that is not of its connection's cache. Owner thread only. */
public final class DirectStatement {

    private DirectStatement() {}

    static Tuples executeAlone(EngineConnection on, Command command, Object[] args, int from) throws SQLException {
        return execute(on, command.tag(), true, null, () -> {
            try (PreparedStatement statement = on.jdbc().prepareStatement(command.sql())) {
                Parameters.bind(statement, args, from, command.parameters());
                on.running(statement);
                return new Prepared(statement).run(false);
            }
        });
    }

    /**
     * Executes it.
     *
     * @param alone in a transaction of its own
     * @param statement what a cancel ends meanwhile, null for nothing
     */
    public static <T> T execute(EngineConnection on, String doing, boolean alone, Statement statement, Inside.Call<T> call)
            throws SQLException {
        return on.inEngine(doing, () -> {
            if (alone) {
                on.alone(true);
            } else {
                on.use();
            }
            on.running(statement);
            try {
                return call.run();
            } finally {
                on.running(null);
                if (alone) {
                    on.alone(false);
                }
            }
        });
    }
}
