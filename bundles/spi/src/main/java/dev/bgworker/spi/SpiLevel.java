package dev.bgworker.spi;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.spi.Portal;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiPlan;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.spi.sql.Command;
import java.util.Optional;
import dev.bgworker.api.spi.SpiResult.Code;

import static dev.bgworker.api.process.ErrorData.errcode;

/** What lies between {@code SPI_connect} and {@code SPI_finish}. Owner thread only. */
final class SpiLevel implements Spi {

    private final SpiSession session;
    private final TransactionLevel connected;
    private final boolean nonatomic;
    // Both: owner thread only; null while nothing was registered.
    private Relations relations;
    private boolean finished;

    SpiLevel(SpiSession session, TransactionLevel connected, boolean nonatomic) {
        this.nonatomic = nonatomic;
        this.session = session;
        this.connected = connected;
    }

    SpiSession session() { return session; }

    @Override
    public SpiResult execute(String sql, boolean readOnly, long count, Object... args) {
        checkConnected();
        session.innermost().check();
        if (sql == null || count < 0) {
            return SpiRows.misuse(this, Code.ERROR_ARGUMENT);
        }
        return session.execution().execute(this, sql, readOnly, count, args);
    }

    @Override
    public SpiPlan prepare(String sql) {
        checkConnected();
        session.innermost().check();
        if (sql == null) {
            throw session.raise(errcode("22023", "SPI_prepare: " + Code.ERROR_ARGUMENT)
                    .errdetail("The text of the statement is null."));
        }
        long planned = session.home().schemaVersion();
        return new OwnPlan(session, this, sql, session.execution().prepare(this, sql), planned);
    }

    Portal openCursor(String name, Command command, boolean scroll, boolean readOnly, Object[] args) {
        if (relations == null) {
            return session.portals().open(name, command, scroll, readOnly, args);
        }
        Relations.Bound bound = relations.bind(command, args, 0);
        return session.portals().open(name, bound.command(), scroll, readOnly, bound.values());
    }

    @Override
    public Optional<Portal> cursorFind(String name) {
        checkConnected();
        session.innermost().check();
        return session.portals().find(name);
    }

    @Override
    public Held registerRelation(String name, SpiResult rows) {
        checkConnected();
        session.innermost().check();
        Relations all = relations == null ? new Relations(session, session.home().engine()) : relations;
        Held registration = all.register(name, rows);
        relations = all;
        return registration;
    }

    /** Null when nothing was registered. */
    Relations relations() { return relations; }

    boolean finished() { return finished; }

    @Override
    public void commit(boolean chain) {
        session.caller().checkCall();
        checkNonatomic("commit");
        session.next().commit(this, chain);
    }

    @Override
    public void rollback(boolean chain) {
        session.caller().checkThread();
        checkNonatomic("roll back");
        session.next().rollback(this, chain);
    }

    private void checkNonatomic(String what) {
        checkConnected();
        if (!nonatomic) {
            throw session.raise(errcode("2D000", "invalid transaction termination")
                    .errhint("Connect with the option NONATOMIC, or end the transaction outside of SPI."));
        } else if (session.innermost() instanceof SubTransaction) {
            throw session.raise(errcode("2D000", "cannot " + what + " while a subtransaction is active")
                    .errdetail(session.innermost() + " is open."));
        }
    }

    /** For what hangs on this level: its results as well. */
    void checkConnected() {
        session.caller().checkCall();
        if (finished) {
            throw session.caller().error(errcode("55000", "SPI connection has been finished")
                    .errhint("Read the results before closing it, or connect again."));
        }
    }

    @Override
    public void close() {
        session.caller().checkThread();
        if (!finished) {
            finished = true;
            session.stack().finished(this);
        }
    }

    /** The level of transaction that it was connected in, and so ends with. */
    TransactionLevel connected() {
        return connected;
    }

    /** Its transaction ends, or what it is nested in goes on without it. */
    void end() { finished = true; }
}
