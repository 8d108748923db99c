package dev.bgworker.spi;

import dev.bgworker.spi.sql.Command;
import dev.bgworker.spi.engine.EngineConnection;
import dev.bgworker.spi.cluster.ClusterCommands;
import dev.bgworker.spi.cluster.Database;
import dev.bgworker.spi.cluster.Connections;
import dev.bgworker.spi.cluster.SessionIdentity;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Inbox;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * The connection of one process, for life: its main session in the engine, its readers, the open levels of transaction and
 * SPI. Owner thread only.
 */
final class SpiSession implements Session {

    static final ErrorData IN_FAILED_TRANSACTION = errcode("25P02",
            "current transaction is aborted, commands ignored until end of transaction block");

    private final Caller caller;
    private final HostSide host;
    private final SessionIdentity identity;
    private final Database database;
    private final Connections connections;
    private final EngineConnection main;
    private final Snapshots snapshots;
    private final Failures failures;
    private final SessionParts parts;
    private final Execution execution;
    private final SpiStack stack;
    private final NextTransaction next = new NextTransaction(this);
    private final Portals portals;
    private final LevelSteps steps;
    // All, owner thread only.
    private TransactionLevel innermost;
    private TopTransaction top;
    private long writes;
    private long transactions;

    SpiSession(Caller caller, HostSide host, SessionIdentity identity, ClusterCommands commands, Connections connections)
            throws SQLException {
        this.caller = caller;
        this.host = host;
        this.identity = identity;
        this.database = identity.database();
        this.connections = connections;
        this.main = connections.open(false);
        this.stack = new SpiStack(caller);
        this.snapshots = new Snapshots(this, connections, database.engine());
        this.failures = new Failures(this, database, connections);
        this.parts = new SessionParts(this, host, identity, commands, connections);
        this.execution = new Execution(this, main, snapshots, parts.lockWait(this, main));
        this.portals = new Portals(this, snapshots, database.engine());
        this.steps = new LevelSteps(portals, parts.notifying());
        advertise(null);
    }

    Caller caller() { return caller; }

    EngineConnection main() { return main; }

    Execution execution() { return execution; }

    SessionParts parts() { return parts; }

    NextTransaction next() { return next; }

    Portals portals() { return portals; }

    /** Where it is connected. */
    Database home() { return database; }

    LevelSteps steps() { return steps; }

    TransactionLevel innermost() { return innermost; }

    /** Of the innermost; null outside of a transaction. */
    TopTransaction top() { return top; }

    long transactionNumber() { return top == null ? 0 : top.number(); }

    /** Statements that changed something, for whoever asks whether there were more. */
    long writes() { return writes; }

    @Override
    public String database() { return identity.databaseName(); }

    @Override
    public Transaction startTransaction(Transaction.Mode... modes) {
        caller.checkCall();
        if (innermost != null) {
            throw raise(errcode("25001", "there is already a transaction in progress")
                    .errhint("Commit or abort " + innermost + " first, or open a subtransaction of it."));
        }
        Modes as;
        try {
            as = Modes.of(modes);
        } catch (ErrorException e) {
            throw caller.errfinish(e);
        }
        Scope scope = caller.entry().proc().scope().open("transaction");
        return started(new TopTransaction(this, scope, main), as);
    }

    /** The same object, on a scope of its own, after a NONATOMIC end. */
    void startNext(TopTransaction transaction, Modes as) {
        transaction.restart(caller.entry().proc().scope().open("transaction"));
        started(transaction, as);
    }

    private TopTransaction started(TopTransaction transaction, Modes as) {
        Instant statement = caller.entry().proc().activity().statementTimestamp();
        advertise(statement == null ? host.services().procs().clock().instant() : statement);
        transaction.runs(++transactions, as, host.recovering().getAsBoolean());
        main.isolation(
                as.repeatableRead() ? database.engine().snapshotIsolation() : Connection.TRANSACTION_READ_COMMITTED);
        parts.watch().transactionBegins();
        top = transaction;
        return begin(transaction);
    }

    <L extends TransactionLevel> L begin(L level) {
        innermost = level;
        return level;
    }

    @Override
    public Optional<Transaction> transaction() {
        caller.checkThread(); // who unwinds asks what he has to abort
        return innermost == null || innermost.ended() ? Optional.empty() : Optional.of(innermost);
    }

    @Override
    public Optional<Transaction.Snapshot> activeSnapshot() {
        caller.checkThread();
        return Optional.ofNullable(snapshots.active()).map(PushedSnapshot::snapshot);
    }

    @Override
    public Inbox<Notification> listen(String channel) { return parts.notifying().listen(channel); }

    SpiStack stack() { return stack; }

    Snapshots snapshots() { return snapshots; }

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
        } else if (effect == Command.Effect.LOCK || effect == Command.Effect.LOCK_TABLE) {
            innermost.locked();
        } else {
            writes++;
            innermost.wrote();
        }
        if (innermost instanceof SubTransaction sub) {
            sub.protect();
        }
    }

    /** How many reader sessions are open. */
    int readers() { return connections.count() - 1; }

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

    /** Before what the engine committed is acknowledged. */
    void force() throws SQLException {
        connections.force(main, caller::errfinish);
    }

    /** As {@link Failures#raised}. */
    ErrorException failed(SQLException e, String sql) { return failures.raised(e, sql); }

    boolean strayCancel(SQLException e) { return failures.strayCancel(e); }

    Failures failures() { return failures; }

    /** The level that the process is in was aborted by an error, or is one that was not. */
    void stateChanged() {
        if (innermost != null) {
            parts.watch().stateIs(innermost.aborted());
        }
    }

    void beforeCommit(TransactionLevel level) {
        if (level == top) {
            parts.watch().transactionIsEnding();
        }
        checkInterrupts();
    }

    /** The last step of each level's end: its levels of SPI and its snapshots go, after the locks. */
    void ended(TransactionLevel level, boolean commit) {
        steps.ended(level, commit);
        stack.ended(level, commit);
        snapshots.ended(level, commit, !stack.goesOn());
        innermost = level.parent();
        if (innermost == null) {
            endTransaction(commit);
        } else if (!commit) {
            stateChanged();
        }
        if (innermost == null || !commit) {
            parts.ended(innermost == null);
        }
    }

    private void endTransaction(boolean commit) {
        top = null;
        snapshots.endTransaction();
        parts.watch().transactionIsEnding();
        advertise(null);
        parts.watch().transactionEnded();
        parts.statistics().ended(commit);
        parts.settings().endLocal();
    }

    private void advertise(Instant xactStart) {
        caller.entry().session(identity.databaseName(), identity.shownRole(), xactStart);
    }

    /** {@code AbortOutOfAnyTransaction}; nothing when there is none. */
    void abortAll() {
        AbortSteps all = new AbortSteps();
        while (innermost != null) {
            all.run(innermost::abortNow);
        }
        all.run(parts.statistics()::flush);
        all.rethrow();
    }
}
