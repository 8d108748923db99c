package dev.bgworker.spi;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.spi.Portal;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiPlan;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.SpiResult.Code;
import dev.bgworker.spi.sql.Command;
import java.util.Optional;

import static dev.bgworker.api.process.ErrorData.errcode;

/** What lies between {@code SPI_connect} and {@code SPI_finish}. Owner thread only. */
final class SpiLevel implements Spi {

    private final SpiSession session;
    private final TransactionLevel connected;
    // Both: owner thread only; null while nothing was registered.
    private Relations relations;
    private boolean finished;

    SpiLevel(SpiSession session, TransactionLevel connected) {
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
        long planned = session.schemaVersion();
        return new OwnPlan(session, this, session.execution().prepare(this, sql), planned);
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
        Relations all = relations == null ? session.relations() : relations;
        Held registration = all.register(name, rows);
        relations = all;
        return registration;
    }

    /** Null when nothing was registered. */
    Relations relations() { return relations; }

    boolean finished() { return finished; }

    @Override
    public void commit(boolean chain) { throw notYet("SPI_commit"); }

    @Override
    public void rollback(boolean chain) { throw notYet("SPI_rollback"); }

    private RuntimeException notYet(String what) { return session.raise(errcode("0A000", what)); }

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
            session.finish(this);
        }
    }

    /** Whether it was connected in that level of transaction and so ends with it. */
    boolean endWith(TransactionLevel level) {
        if (connected != level) {
            return false;
        }
        finished = true;
        return true;
    }
}
