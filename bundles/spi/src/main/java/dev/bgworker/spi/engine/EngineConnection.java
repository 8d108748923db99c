package dev.bgworker.spi.engine;

import dev.bgworker.spi.sql.Command;

import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.PanicError;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;

/**
 * One JDBC connection of a process, behind the gate. The process's own thread, except {@link #cancel} and {@link #abort}.
 */
public final class EngineConnection {

    private final Connection jdbc;
    private final Inside inside;
    private final OneEnd end;
    private final StatementCache statements;
    private final Runnable cancel = this::cancel;
    // Written by the owner thread around each execution, read by whoever cancels.
    private volatile Statement running;
    // Owner thread only: whether the engine has seen something of this transaction.
    private boolean used;

    public EngineConnection(Connection jdbc, String name, Inside inside) {
        this.jdbc = jdbc;
        this.inside = inside;
        this.end = new OneEnd(this::closeInEngine, cancel, name);
        this.statements = new StatementCache(jdbc);
    }

    /** {@code Statement.cancel}; from any thread, harmless when nothing runs. */
    public void cancel() {
        Statement statement = running;
        if (statement != null) {
            try {
                statement.cancel();
            } catch (SQLException expected) {
                // It ended or was closed meanwhile; whoever cancels asks again if the process does not react.
            }
        }
    }

    /**
     * Runs a statement and buffers what it returns.
     *
     * @param query by executeQuery, which refuses most of what is none
     * @param limit of the rows returned, 0 for all
     */
    public Tuples execute(Command command, boolean query, long limit, Object[] args, int from) throws SQLException {
        return inEngine(command.tag(), () -> {
            used = true;
            PreparedStatement statement = statements.get(command.sql());
            Parameters.bind(statement, args, from, command.parameters());
            statement.setMaxRows((int) Math.min(limit, Integer.MAX_VALUE));
            running = statement;
            try {
                return query ? rows(statement.executeQuery()) : result(statement, statement.execute());
            } finally {
                running = null;
            }
        });
    }

    /** Runs DDL in a transaction of its own, which the engine would end anyway. */
    public Tuples executeAlone(Command command, Object[] args, int from) throws SQLException {
        return inEngine(command.tag(), () -> {
            jdbc.setAutoCommit(true);
            try (PreparedStatement statement = jdbc.prepareStatement(command.sql())) {
                Parameters.bind(statement, args, from, command.parameters());
                running = statement;
                return result(statement, statement.execute());
            } finally {
                running = null;
                used = false;
                if (!jdbc.isClosed()) {
                    jdbc.setAutoCommit(false);
                }
            }
        });
    }

    /** Fixes a view of all tables until the next {@link #rollback}. */
    public void pin(String sql) throws SQLException {
        inEngine("SELECT", () -> {
            used = true;
            try (ResultSet rows = statements.get(sql).executeQuery()) {
                return rows.next();
            }
        });
    }

    public void commit() throws SQLException {
        if (used) {
            inEngine("COMMIT", () -> {
                jdbc.commit();
                return null;
            });
            used = false;
        }
    }

    public void rollback() throws SQLException {
        if (used) {
            used = false;
            cleanUp("ROLLBACK", () -> {
                jdbc.rollback();
                return null;
            });
        }
    }

    public Savepoint savepoint() throws SQLException {
        return inEngine("SAVEPOINT", () -> {
            used = true;
            return jdbc.setSavepoint();
        });
    }

    public void release(Savepoint savepoint) throws SQLException {
        inEngine("RELEASE", () -> {
            jdbc.releaseSavepoint(savepoint);
            return null;
        });
    }

    /** Releases it as well: one that is only rolled back to makes each later one slower. */
    public void rollbackTo(Savepoint savepoint) throws SQLException {
        cleanUp("ROLLBACK TO SAVEPOINT", () -> {
            jdbc.rollback(savepoint);
            jdbc.releaseSavepoint(savepoint);
            return null;
        });
    }

    /** The engine's own, for what a guarded connection does inside the calls below. */
    public Connection jdbc() {
        return jdbc;
    }

    /** What neither reads nor changes data, as making a statement. */
    public <T> T call(String doing, Inside.Call<T> call) throws SQLException {
        return inEngine(doing, call);
    }

    /**
     * Runs a statement that is not of this connection's cache.
     *
     * @param statement what a cancel ends meanwhile, null for nothing
     */
    public <T> T execute(String doing, Statement statement, Inside.Call<T> call) throws SQLException {
        return inEngine(doing, () -> {
            used = true;
            running = statement;
            try {
                return call.run();
            } finally {
                running = null;
            }
        });
    }

    /** The same with DDL, in a transaction of its own. */
    public <T> T executeAlone(String doing, Statement statement, Inside.Call<T> call) throws SQLException {
        return inEngine(doing, () -> {
            jdbc.setAutoCommit(true);
            running = statement;
            try {
                return call.run();
            } finally {
                running = null;
                used = false;
                if (!jdbc.isClosed()) {
                    jdbc.setAutoCommit(false);
                }
            }
        });
    }

    /** Gives back what hangs on it; nothing when the session has ended, which took it along. */
    public void giveBack(Inside.Call<Void> call) throws SQLException {
        cleanUp("CLOSE", call);
    }

    /** Ends the session, and returns when it has ended, whoever did it. */
    public void close() {
        try {
            inside.run(cancel, "CLOSE", () -> {
                end.ask();
                return null;
            });
        } catch (SQLException | FatalError | PanicError e) {
            // Fenced: the gate refuses the owner, by PANIC in a critical section, and the end must come about all the same.
            end.askElsewhere();
        }
        end.await();
    }

    private Void closeInEngine() throws SQLException {
        jdbc.close();
        return null;
    }

    /** Ends the session from any thread, does not wait for the process's own: that ends it when it leaves the engine. */
    public void abort() {
        end.ask();
    }

    /** Ends the session on the process's own thread, outside the gate. */
    public void giveUp() { end.askElsewhere(); }

    private <T> T inEngine(String doing, Inside.Call<T> call) throws SQLException {
        return inside.run(cancel, doing, () -> {
            if (!end.enter()) {
                throw new SQLException("the session was ended from outside", "57P01");
            }
            try {
                return call.run();
            } finally {
                end.leave();
            }
        });
    }

    /** One that finds the session ended has nothing left to undo; a fenced process has it ended. */
    private void cleanUp(String doing, Inside.Call<Void> call) throws SQLException {
        if (end.ended()) {
            end.await();
            return;
        }
        try {
            inEngine(doing, call);
        } catch (FatalError | PanicError e) {
            if (!inside.gate().fenced()) {
                throw e;
            }
            end.askElsewhere();
        } catch (SQLException e) {
            if (!end.ended()) {
                throw e;
            }
            end.await();
        }
    }

    private static Tuples result(PreparedStatement statement, boolean returnsRows) throws SQLException {
        return returnsRows ? rows(statement.getResultSet()) : Tuples.count(statement.getLargeUpdateCount());
    }

    private static Tuples rows(ResultSet rows) throws SQLException {
        try (rows) {
            return Tuples.read(rows);
        }
    }
}
