package dev.bgworker.spi;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.spi.cluster.ClusterCommands;
import dev.bgworker.spi.cluster.Issuer;
import dev.bgworker.spi.cluster.SessionIdentity;
import dev.bgworker.spi.engine.Tuples;
import dev.bgworker.spi.sql.ClusterParser;
import dev.bgworker.spi.sql.Command;

/** Statements on databases and roles, as a session issues them; nobody undoes them, as DDL. Owner thread only. */
final class ClusterStatements {

    private final SpiSession session;
    private final SessionIdentity identity;
    private final ClusterCommands commands;

    ClusterStatements(SpiSession session, SessionIdentity identity, ClusterCommands commands) {
        this.session = session;
        this.identity = identity;
        this.commands = commands;
    }

    Tuples execute(Command command) {
        try {
            commands.execute(ClusterParser.parse(command.sql()), command.tag(),
                    new Issuer(session.caller().entry(), identity, session::checkInterrupts));
            return Tuples.count(0);
        } catch (ErrorException e) {
            session.innermost().fail();
            throw session.caller().errfinish(e);
        }
    }
}
