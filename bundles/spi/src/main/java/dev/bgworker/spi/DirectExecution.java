package dev.bgworker.spi;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.spi.engine.DirectStatement;
import dev.bgworker.spi.engine.Engine.Failure;
import dev.bgworker.spi.engine.EngineConnection;
import dev.bgworker.spi.engine.Inside;
import dev.bgworker.spi.jdbc.JdbcErrors;
import dev.bgworker.spi.sql.Command;
import dev.bgworker.spi.sql.Command.Effect;
import java.sql.SQLException;
import java.sql.Statement;

import static dev.bgworker.api.process.ErrorData.errcode;

/** Statements of plain JDBC, on objects that are not spi's own, under the rules of {@link Execution}. Owner thread only. */
final class DirectExecution {

    private final SpiSession session;
    private final EngineConnection main;
    private final Execution execution;
    private final LockWait lockWait;

    DirectExecution(SpiSession session, EngineConnection main, Execution execution, LockWait lockWait) {
        this.session = session;
        this.main = main;
        this.execution = execution;
        this.lockWait = lockWait;
    }

    /**
     * In the innermost level of transaction.
     *
     * @param running what a cancel ends meanwhile
     */
    <T> T execute(Command command, Statement running, Inside.Call<T> statement) {
        session.parts().watch().begins(command.sql());
        try {
            session.innermost().check();
            checkAllowed(command);
            session.checkInterrupts();
            T result = run(command, running, statement);
            session.checkInterrupts();
            return result;
        } finally {
            session.parts().watch().ends(session.innermost().aborted());
        }
    }

    /** Does what spi does itself and the engine never sees, as SET; false when the engine is to do it. */
    boolean own(Command command) {
        switch (command.effect()) {
            case READ, LOCK, LOCK_TABLE, WRITE, DDL, TRANSACTION, COPY, ESCAPE, HIDDEN -> {
                return false;
            }
            default -> {
                session.parts().watch().begins(command.sql());
                try {
                    session.innermost().check();
                    execution.run(command);
                    return true;
                } finally {
                    session.parts().watch().ends(session.innermost().aborted());
                }
            }
        }
    }

    /** An exception of the engine's that came of using an object of JDBC wrongly; it leaves the transaction as it is. */
    SQLException misused(SQLException e) {
        ErrorException raised = session.innermost() == null || session.failures().meaning(e) == Failure.STATEMENT
                ? session.caller().errfinish(new ErrorException(session.failures().error(e, "JDBC"), e))
                : session.failed(e, "JDBC");
        return JdbcErrors.of(raised.data(), raised);
    }

    private <T> T run(Command command, Statement running, Inside.Call<T> statement) {
        try {
            if (command.effect() != Effect.DDL) {
                session.remember(command.effect());
                return outlasting(command, () -> DirectStatement.execute(main, command.tag(), running, statement));
            }
            session.forgetWhatDdlDestroys();
            T result = alone(command, running, statement);
            session.force();
            return result;
        } catch (SQLException e) {
            throw session.failed(e, command.sql());
        }
    }

    private <T> T alone(Command command, Statement running, Inside.Call<T> statement) throws SQLException {
        session.home().schema().begin();
        try {
            return outlasting(command, () -> DirectStatement.executeAlone(main, command, running, statement));
        } finally {
            session.home().schema().end();
        }
    }

    private <T> T outlasting(Command command, Inside.Call<T> statement) throws SQLException {
        int deeds = session.parts().functions().deeds();
        try {
            return lockWait.once(command, statement);
        } catch (SQLException e) {
            return lockWait.again(e, command.nowait(), deeds, () -> lockWait.once(command, statement));
        }
    }

    private void checkAllowed(Command command) {
        if (command.effect() == Effect.TRANSACTION) {
            throw session.raise(errcode("2D000", "invalid transaction termination")
                    .errdetail(command.tag() + " is no statement of JDBC.")
                    .errhint("End the transaction where it was begun."));
        } else if (command.effect() == Effect.COPY) {
            throw session.raise(errcode("0A000", "COPY from or to the client is not supported"));
        }
        execution.checkAllowed(command, false);
    }
}
