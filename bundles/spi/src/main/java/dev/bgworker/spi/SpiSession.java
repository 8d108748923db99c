package dev.bgworker.spi;

import dev.bgworker.spi.sql.Command;
import dev.bgworker.spi.engine.Engine;
import dev.bgworker.spi.engine.EngineConnection;
import dev.bgworker.spi.engine.Tuples;
import dev.bgworker.spi.cluster.Database;
import dev.bgworker.spi.cluster.Connections;
import dev.bgworker.spi.jdbc.JdbcErrors;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Inbox;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * The connection of one process, for life: its main session in the engine, its readers, the open levels of transaction and
 * SPI. Owner thread only.
 */
final class SpiSession implements Session {

    static final ErrorData IN_FAILED_TRANSACTION = errcode("25P02",
            "current transaction is aborted, commands ignored until end of transaction block");

    private static final Logger LOG = LoggerFactory.getLogger(SpiSession.class);

    private final Caller caller;
    private final ProcArray procs;
    private final Database database;
    private final Connections connections;
    private final EngineConnection main;
    private final Snapshots snapshots;
    private final AtomicLong transactions;
    private final BooleanSupplier readOnly;
    private final Failures failures;
    private final Execution execution;
    // Both: owner thread only.
    private final List<SpiLevel> levels = new ArrayList<>();
    private TransactionLevel innermost;

    SpiSession(Caller caller, ProcArray procs, Database database, Connections connections, AtomicLong transactions,
            BooleanSupplier readOnly) throws SQLException {
        this.caller = caller;
        this.procs = procs;
        this.database = database;
        this.connections = connections;
        this.main = connections.open(false);
        this.snapshots = new Snapshots(connections, database.engine());
        this.transactions = transactions;
        this.readOnly = readOnly;
        this.failures = new Failures(database, connections);
        this.execution = new Execution(this, main, snapshots, database.engine());
        advertise(null);
    }

    Caller caller() { return caller; }

    EngineConnection main() { return main; }

    Execution execution() { return execution; }

    TransactionLevel innermost() { return innermost; }

    @Override
    public String database() { return database.name(); }

    @Override
    public Transaction startTransaction(Transaction.Mode... modes) {
        caller.checkCall();
        if (innermost != null) {
            throw raise(errcode("25001", "there is already a transaction in progress")
                    .errhint("Commit or abort " + innermost + " first, or open a subtransaction of it."));
        }
        Scope scope = caller.entry().proc().scope().open("transaction");
        Instant statement = caller.entry().proc().activity().statementTimestamp();
        advertise(statement == null ? procs.clock().instant() : statement);
        return begin(new TopTransaction(this, scope, main, transactions.incrementAndGet(), readOnly.getAsBoolean()));
    }

    <L extends TransactionLevel> L begin(L level) {
        innermost = level;
        return level;
    }

    @Override
    public Optional<Transaction> transaction() {
        caller.checkCall();
        return innermost == null || innermost.ended() ? Optional.empty() : Optional.of(innermost);
    }

    @Override
    public Optional<Transaction.Snapshot> activeSnapshot() {
        caller.checkCall();
        return Optional.ofNullable(snapshots.active());
    }

    @Override
    public Inbox<Notification> listen(String channel) { throw raise(errcode("0A000", "listen")); }

    SpiLevel connect(TransactionLevel level) {
        SpiLevel connected = new SpiLevel(this, level);
        levels.add(connected);
        return connected;
    }

    void finish(SpiLevel level) { levels.remove(level); }

    Transaction.Snapshot takeSnapshot(TransactionLevel level) {
        if (level.anyWrote()) {
            return new SpiSnapshot(level, null);
        }
        try {
            return snapshots.take(level);
        } catch (SQLException e) {
            throw failed(e, "GetTransactionSnapshot");
        }
    }

    Held push(SpiSnapshot snapshot, TransactionLevel taken) {
        taken.check();
        if (innermost.anyWrote()) {
            throw raise(errcode("25001", "cannot push a snapshot after the transaction wrote")
                    .errhint("Push the snapshot before writing, or read with readOnly = false."));
        } else if (snapshot.reader() == null) {
            throw raise(SpiSnapshot.SPENT);
        }
        return snapshots.push(snapshot, innermost);
    }

    void pop(PushedSnapshot entry) {
        caller.checkThread();
        snapshots.pop(entry);
    }

    /** Before DDL: views of what it changes, and savepoints, which it ends. */
    void forgetWhatDdlDestroys() {
        snapshots.spend();
        if (innermost instanceof SubTransaction sub) {
            sub.forgetSavepoint();
        }
    }

    /** Before a statement: what it leaves in the engine, and where to roll back to. */
    void remember(Command.Effect effect) throws SQLException {
        if (effect == Command.Effect.READ) {
            return;
        } else if (effect == Command.Effect.LOCK) {
            innermost.locked();
        } else {
            innermost.wrote();
        }
        if (innermost instanceof SubTransaction sub) {
            sub.protect();
        }
    }

    /** Whether the transaction is READ ONLY since the server was not yet read-write when it began. */
    boolean readOnlyByForce() {
        TransactionLevel top = innermost;
        while (top.parent() != null) {
            top = top.parent();
        }
        return ((TopTransaction) top).readOnly();
    }

    /** How many reader sessions are open. */
    int readers() { return connections.count() - 1; }

    /** PostgreSQL's name of its type. */
    String typeName(Tuples.Column column) {
        return database.engine().typeName(column.type(), column.typeName());
    }

    /** An ERROR in the innermost level, which it aborts. */
    ErrorException raise(ErrorData error) {
        if (innermost != null) {
            innermost.fail();
        }
        return caller.error(error);
    }

    /** {@code CHECK_FOR_INTERRUPTS}; what it raises aborts the innermost level. */
    void checkInterrupts() {
        try {
            caller.entry().checkInterrupts();
        } catch (RuntimeException | Error e) {
            if (innermost != null) {
                innermost.fail();
            }
            throw e;
        }
    }

    /** What the caller gets for an exception of the engine, after the transaction has got its share. */
    ErrorException failed(SQLException e, String sql) {
        Engine.Failure meaning = failures.meaning(e);
        if (meaning == Engine.Failure.TRANSACTION || meaning == Engine.Failure.SESSION) {
            innermost.doom();
        }
        if (meaning == Engine.Failure.CANCELED || meaning == Engine.Failure.SESSION) {
            checkInterrupts();
        }
        if (meaning == Engine.Failure.SESSION) {
            throw caller.errfinish(new FatalError(failures.error(e, sql), e));
        }
        innermost.fail();
        return caller.errfinish(new ErrorException(failures.error(e, sql), e));
    }

    /** An exception of the engine's that came of using an object of JDBC wrongly; it leaves the transaction as it is. */
    SQLException misused(SQLException e) {
        ErrorException raised = innermost == null || failures.meaning(e) == Engine.Failure.STATEMENT
                ? caller.errfinish(new ErrorException(failures.error(e, "JDBC"), e))
                : failed(e, "JDBC");
        return JdbcErrors.of(raised.data(), raised);
    }

    /** A dead session was rolled back when it died; any other leaves something to be found out. */
    void rollbackFailed(SQLException e) {
        if (failures.meaning(e) != Engine.Failure.SESSION) {
            LOG.error("{}: rollback failed, its session is given up", caller, e);
            connections.giveUp();
        }
    }

    /** The last step of each level's end: its levels of SPI and its snapshots go, after the locks. */
    void ended(TransactionLevel level, boolean commit) {
        for (int i = levels.size() - 1; i >= 0; i--) {
            if (levels.get(i).endWith(level)) {
                levels.remove(i);
                warnIf(commit, "{}: transaction left non-empty SPI stack");
            }
        }
        if (commit && level.parent() != null) {
            snapshots.handOver(level, level.parent());
        } else {
            for (int left = snapshots.drop(level); left > 0; left--) {
                warnIf(commit, "{}: snapshot still active");
            }
        }
        innermost = level.parent();
        if (innermost == null) {
            snapshots.endTransaction();
            advertise(null);
        }
    }

    private void warnIf(boolean commit, String message) {
        if (commit) {
            LOG.warn(message, caller);
        }
    }

    private void advertise(Instant xactStart) { caller.entry().session(database.name(), Database.SUPERUSER, xactStart); }

    /** {@code AbortOutOfAnyTransaction}; nothing when there is none. */
    void abortAll() {
        AbortSteps steps = new AbortSteps();
        while (innermost != null) {
            steps.run(innermost::abortNow);
        }
        steps.rethrow();
    }
}
