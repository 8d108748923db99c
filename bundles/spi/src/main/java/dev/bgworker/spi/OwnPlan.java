package dev.bgworker.spi;

import dev.bgworker.api.spi.Portal;
import dev.bgworker.api.spi.SpiPlan;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.SpiResult.Code;
import dev.bgworker.spi.sql.Script;

import static dev.bgworker.api.process.ErrorData.errcode;

/** A plan, executed in whatever SPI level is connected then. The engine's part of it is in its cache. Owner thread only. */
final class OwnPlan implements SpiPlan {

    private static final Object[] NONE = {};

    private final SpiSession session;
    private final SpiLevel level;
    private final String sql;
    private final Script script;
    // All three: owner thread only. The version of the schema that it was planned for.
    private long planned;
    private boolean kept;
    private boolean freed;

    OwnPlan(SpiSession session, SpiLevel level, String sql, Script script, long planned) {
        this.session = session;
        this.level = level;
        this.sql = sql;
        this.script = script;
        this.planned = planned;
    }

    @Override
    public Code keep() {
        checkNotFreed();
        if (kept) {
            return Code.ERROR_ARGUMENT;
        }
        kept = true;
        return Code.OK_UTILITY;
    }

    @Override
    public int argCount() {
        checkNotFreed();
        return script.parameters();
    }

    @Override
    public boolean isCursorPlan() {
        checkNotFreed();
        return script.cursor();
    }

    @Override
    public boolean isValid() {
        checkNotFreed();
        return planned == session.home().schemaVersion();
    }

    @Override
    public SpiResult execute(boolean readOnly, long count, Object... args) {
        checkNotFreed();
        SpiLevel connected = session.stack().innermost();
        if (connected == null) {
            return SpiRows.misuse(level, Code.ERROR_UNCONNECTED);
        }
        session.innermost().check();
        if (count < 0) {
            return SpiRows.misuse(connected, Code.ERROR_ARGUMENT);
        }
        planned = session.home().schemaVersion();
        return session.execution().execute(connected, sql, script, readOnly, count, args == null ? NONE : args);
    }

    @Override
    public Portal openCursor(String name, boolean scroll, boolean readOnly, Object... args) {
        checkNotFreed();
        SpiLevel connected = session.stack().innermost();
        if (connected == null) {
            throw session.raise(errcode("55000", "cannot open a cursor without an SPI connection")
                    .errhint("Connect first: transaction.connect()."));
        }
        session.innermost().check();
        checkCursor();
        Object[] values = args == null ? NONE : args;
        if (values.length != script.parameters()) {
            throw session.raise(errcode("42601", "wrong number of parameters for prepared statement")
                    .errdetail("Expected " + script.parameters() + " parameters but got " + values.length + "."));
        }
        planned = session.home().schemaVersion();
        return connected.openCursor(name, script.commands().get(0), scroll, readOnly, values);
    }

    private void checkCursor() {
        if (script.commands().size() != 1) {
            throw session.raise(errcode("42P11", "cannot open multi-query plan as cursor"));
        } else if (!script.cursor()) {
            throw session.raise(errcode("42P11",
                    "cannot open " + script.commands().get(0).tag() + " query as cursor"));
        }
    }

    @Override
    public void close() {
        session.caller().checkThread();
        freed = true;
    }

    private void checkNotFreed() {
        session.caller().checkCall();
        if (freed || !kept && level.finished()) {
            throw session.raise(errcode("55000", "plan has been freed")
                    .errhint("Keep it before its SPI connection is finished: plan.keep()."));
        }
    }
}
