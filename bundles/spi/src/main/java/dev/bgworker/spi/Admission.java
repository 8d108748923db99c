package dev.bgworker.spi;

import dev.bgworker.api.WorkerContext;
import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.spi.engine.EngineConnection;
import dev.bgworker.spi.sql.Command;

/** What a statement may not do here and now, before the engine sees it. Owner thread only. */
final class Admission {

    /** Of 25006 while the server is CONSISTENT. */
    static final String NOT_YET = "The server is not yet read-write: start a worker at RECOVERY_FINISHED; let a client wait for a"
            + " DataSource with (bgw.read_only=false).";

    private final SpiSession session;
    private final EngineConnection main;
    private final Snapshots snapshots;

    Admission(SpiSession session, EngineConnection main, Snapshots snapshots) {
        this.session = session;
        this.main = main;
        this.snapshots = snapshots;
    }

    void check(Command command, boolean readOnly) {
        switch (command.effect()) {
            case ESCAPE -> refuse(errcode("42601", "syntax error at or near \"{\"")
                    .errhint("Write SQL without the escapes of JDBC."));
            case LISTEN -> refuse(session.caller().entry().proc() instanceof WorkerContext
                    ? errcode("0A000", "cannot execute LISTEN within a background process")
                            .errhint("Call Session.listen, which gives an inbox.")
                    : errcode("0A000", "LISTEN is not supported for clients")
                            .errdetail("Nobody would read what arrives.")
                            .errhint("Have a worker call Session.listen; NOTIFY reaches it from here."));
            case EXCLUSIVE_LOCK_TABLE -> refuse(errcode("0A000", command.tag() + " is not supported")
                    .errhint("Lock it IN ROW EXCLUSIVE MODE, which keeps it from being altered or dropped; to exclude other"
                            + " workers use transaction.lock(name, mode)."));
            case NOTIFY -> {
                if (readOnly) {
                    checkReadOnly(command);
                }
            }
            case HIDDEN -> refuse(errcode("0A000", command.tag() + " is not supported")
                    .errhint("Execute the statement itself; spi keeps it prepared."));
            case ADMIN -> refuse(errcode("42501", "permission denied for " + command.tag())
                    .errdetail("Files, memory and the sessions of others are the host's."));
            case SETTING -> refuse(errcode("42501", "permission denied to execute " + command.tag())
                    .errdetail("The settings of a session and its user are the host's.")
                    .errhint("Qualify names with their schema."));
            case OWN_SCHEMA -> refuse(errcode("42501", "permission denied for schema bgw")
                    .errdetail("The host makes it anew whenever it opens the database.")
                    .errhint("Create what is yours in a schema of your own."));
            default -> {
                if (readOnly) {
                    checkReadOnly(command);
                }
                if (command.refusedOnStandby() && session.top().readOnly()) {
                    refuse(errcode("25006", "cannot execute " + command.tag() + " in a read-only transaction")
                            .errhint(session.top().recovering()
                                    ? NOT_YET
                                    : "Start the transaction without READ_ONLY."));
                } else if (command.runsAlone()) {
                    checkDdl(command);
                }
            }
        }
    }

    private void checkDdl(Command command) {
        if (session.innermost().anyUsed()) {
            refuse(errcode("25001", command.tag() + " cannot run after the transaction wrote or locked rows")
                    .errdetail("DDL would commit it.")
                    .errhint("Run DDL before writing, or in a transaction of its own."));
        } else if (session.top().modes().repeatableRead() && main.used()) {
            refuse(errcode("25001", command.tag() + " cannot run after a REPEATABLE READ transaction took its snapshot")
                    .errdetail("DDL would end that snapshot.")
                    .errhint("Run DDL before the first query, or in a transaction of its own."));
        } else if (session.portals().streaming()) {
            refuse(errcode("55006", "cannot execute " + command.tag() + " while a cursor is reading")
                    .errhint("Close it before, or open it with scroll = true, which buffers its rows."));
        }
    }

    private void checkReadOnly(Command command) {
        PushedSnapshot active = snapshots.active();
        if (!command.plainQuery()) {
            refuse(errcode("0A000", command.tag() + " is not allowed in a non-volatile function")
                    .errhint("Execute it with readOnly = false."));
        } else if (active == null) {
            refuse(errcode("55000", "cannot execute a read-only query without an active snapshot")
                    .errhint("Push one before: transaction.snapshot().push()."));
        } else if (active.snapshot().view() == null) {
            refuse(SpiSnapshot.SPENT);
        } else if (active.snapshot().view() == main && !active.unchanged()) {
            refuse(errcode("25001", "cannot execute a read-only query on a snapshot that the transaction wrote after")
                    .errdetail("At REPEATABLE READ the snapshot would show what was written since it was pushed.")
                    .errhint("Push it again, or read with readOnly = false."));
        }
    }

    private void refuse(ErrorData error) { throw session.raise(error); }
}
