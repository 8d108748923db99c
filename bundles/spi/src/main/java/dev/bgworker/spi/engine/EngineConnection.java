package dev.bgworker.spi.engine;

import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.PanicError;
import dev.bgworker.spi.sql.Command;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * One JDBC connection of a process, behind the gate. The process's own thread, except {@link #cancel} and {@link #abort}.
 */
public final class EngineConnection {

    private static final ClassLoader SPI = EngineConnection.class.getClassLoader();

    private final Connection jdbc;
    private final Inside inside;
    private final OneEnd end;
    private final SessionSchema schema;
    private final StatementCache statements;
    private final Runnable cancel = this::cancel;
    private final Running running = new Running();
    private final Aftermath aftermath;
    private final EngineTransaction transaction;

    /**
     * @param jdbc not in autocommit
     * @param isolation the level that it has
     * @param schema as this session sees it
     * @param ending of the session, instead of closing it
     */
    public EngineConnection(Connection jdbc, String name, Inside inside, int isolation, Engine engine,
            SessionSchema schema, SessionEnd ending) {
        this.jdbc = jdbc;
        this.inside = inside;
        this.end = new OneEnd(() -> ending.end(schema.changed()), cancel, name, inside.gate());
        this.schema = schema;
        this.statements = new StatementCache(jdbc, engine, schema);
        this.aftermath = engine.aftermath(jdbc);
        this.transaction = new EngineTransaction(jdbc, isolation, aftermath);
    }

    /** Of what runs; from any thread, harmless when nothing does. */
    public void cancel() { running.cancel(); }

    /** The level of the transaction that begins; told to the engine before its first statement, if it is another one. */
    public void isolation(int level) {
        transaction.isolation(level);
    }

    /** Whether the last statement was refused a row and went on, without it or from its beginning. */
    public boolean refused() {
        return aftermath.refused();
    }

    /** So long are its next waits for rows, and its tries for keys. */
    public void lockTimeout(String sql) throws SQLException {
        inEngine("SET", () -> {
            set(sql);
            return null;
        });
    }

    /** Whether the engine has a transaction open for this one. */
    public boolean used() { return transaction.used(); }

    /**
     * Runs a statement and buffers what it returns. The hot path, so written without a lambda.
     *
     * @param query by executeQuery, which refuses most of what is none
     * @param limit of the rows returned, 0 for all
     */
    public Tuples execute(Command command, boolean query, long limit, Object[] args, int from) throws SQLException {
        Held gate = end.enter(command.tag());
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try {
            thread.setContextClassLoader(SPI);
            Prepared prepared = prepared(command, args, from);
            prepared.limit(limit);
            running.is(prepared.statement());
            return prepared.run(query, args, from, command.parameters());
        } catch (StackOverflowError e) {
            throw Inside.tooDeep(e);
        } finally {
            transaction.settle();
            running.is(null);
            if (running.wasCanceled()) {
                running.dropFrom(statements);
            }
            leave(gate, thread, before);
        }
    }

    /** Inside: with the engine's transaction open, unless it need not be. */
    private Prepared prepared(Command command, Object[] args, int from) throws SQLException {
        if (!command.plainQuery() || !transaction.mayRunAlone()) {
            transaction.use();
            return statements.get(command.sql());
        }
        Prepared prepared = statements.get(command.sql());
        if (!prepared.plainRead().is(jdbc, args, from, command.parameters())) {
            transaction.use();
        }
        return prepared;
    }

    /** Runs DDL in a transaction of its own, which the engine would end anyway. */
    public Tuples executeAlone(Command command, Object[] args, int from) throws SQLException {
        return DirectStatement.executeAlone(this, command, args, from);
    }

    /** Inside: that DDL is about to run, which leaves nothing of a transaction behind. */
    void runAlone(Command ddl) throws SQLException {
        schema.runs(ddl);
        transaction.forget();
        if (alive()) {
            transaction.runAlone();
        }
    }

    /** Has the engine look at a statement, which it keeps prepared, without executing it. */
    public void prepare(Command command) throws SQLException {
        inEngine(command.tag(), () -> statements.get(command.sql()));
    }

    /** Inside: runs that unless it is empty. */
    void set(String sql) throws SQLException {
        if (!sql.isEmpty() && alive()) {
            statements.get(sql).statement().execute();
        }
    }

    /** Inside: what a cancel is for; null for nothing. */
    void running(Statement statement) { running.is(statement); }

    /** Fixes a view of all tables until the next {@link #rollback} or {@link #commit}, at the level that does so. */
    public void pin(String sql) throws SQLException {
        inEngine("SELECT", () -> {
            transaction.use();
            try (ResultSet rows = statements.get(sql).statement().executeQuery()) {
                return rows.next();
            }
        });
    }

    /** What a query of one number returns, outside of any transaction. */
    public long number(String sql) throws SQLException {
        return inEngine("CONNECT", () -> {
            try (Statement statement = jdbc.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
                rows.next();
                return rows.getLong(1);
            } finally {
                jdbc.rollback();
            }
        });
    }

    public void commit() throws SQLException {
        if (transaction.used()) {
            Held gate = end.enter("COMMIT");
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            try {
                thread.setContextClassLoader(SPI);
                transaction.commit();
            } finally {
                leave(gate, thread, before);
            }
        }
    }

    /** Begins and ends a transaction that does nothing, for which the store must be there. */
    public void touch() throws SQLException {
        inEngine("COMMIT", () -> {
            jdbc.rollback();
            return null;
        });
    }

    public void rollback() throws SQLException {
        if (transaction.used()) {
            transaction.forget();
            cleanUp("ROLLBACK", () -> {
                jdbc.rollback();
                return null;
            });
        }
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

    /** Whether the engine still has the session, which says nothing of its database. */
    public boolean alive() throws SQLException {
        return !jdbc.isClosed();
    }

    /** Ends the session from any thread, does not wait for the process's own: that ends it when it leaves the engine. */
    public void abort() {
        end.ask();
    }

    /** Ends the session on the process's own thread, outside the gate. */
    public void giveUp() { end.askElsewhere(); }

    /** Inside: the engine is about to see something of the transaction. */
    void use() throws SQLException {
        transaction.use();
    }

    private void leave(Held gate, Thread thread, ClassLoader before) {
        thread.setContextClassLoader(before);
        end.leave(gate);
    }

    /** The engine's own, for the calls of a guarded connection inside {@link #inEngine}. */
    public Connection jdbc() {
        return jdbc;
    }

    /** A call on the engine's own connection, what comes of which lasts as long as the transaction. */
    public <T> T onJdbc(String doing, Inside.Call<T> call) throws SQLException {
        return inEngine(doing, () -> {
            transaction.leaveAutocommit();
            return call.run();
        });
    }

    /** What neither reads nor changes data, as making a statement. */
    public <T> T inEngine(String doing, Inside.Call<T> call) throws SQLException {
        Held gate = end.enter(doing);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try {
            thread.setContextClassLoader(SPI);
            return call.run();
        } catch (StackOverflowError e) {
            throw Inside.tooDeep(e);
        } finally {
            transaction.settle();
            leave(gate, thread, before);
        }
    }

    /** One that finds the session ended has nothing left to undo; a fenced process has it ended. */
    void cleanUp(String doing, Inside.Call<Void> call) throws SQLException {
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
}
