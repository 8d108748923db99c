package dev.bgworker.spi;

import dev.bgworker.spi.cluster.Issuer;
import dev.bgworker.spi.engine.Tuples;
import dev.bgworker.spi.sql.ClusterParser;
import dev.bgworker.spi.sql.Command;

import dev.bgworker.api.process.ErrorException;

/** A statement on databases and roles in a session; nobody undoes it, as DDL. Owner thread only. */
record ClusterStatement(SpiSession session, Command command) {

    Tuples run() {
        try {
            session.commands().execute(ClusterParser.parse(command.sql()), command.tag(),
                    new Issuer(session.caller().entry(), session.identity(), session::checkInterrupts));
            return Tuples.count(0);
        } catch (ErrorException e) {
            session.innermost().fail();
            throw session.caller().errfinish(e);
        }
    }
}
