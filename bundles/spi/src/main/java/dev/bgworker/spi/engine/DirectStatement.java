package dev.bgworker.spi.engine;

import java.sql.SQLException;
import java.sql.Statement;

/** A statement that is not of its connection's cache. Owner thread only. */
public final class DirectStatement {

    private DirectStatement() {}

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
