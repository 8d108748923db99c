package dev.bgworker.spi;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Transaction;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A program of its own, so that it can be given little memory: one session takes it all while another has written. */
final class OutOfMemory {

    private static final Logger LOG = LoggerFactory.getLogger(OutOfMemory.class);

    private OutOfMemory() {}

    public static void main(String[] directory) {
        TestHost host = TestHost.at(Path.of(directory[0]));
        host.provider().enter(State.RECOVERY_FINISHED);
        Session innocent = host.connect();
        Sql.ddl(innocent, "CREATE TABLE t (id INT PRIMARY KEY)");
        Sql.commit(innocent, "INSERT INTO t VALUES (1)");
        Transaction open = innocent.startTransaction();
        open.connect().execute("INSERT INTO t VALUES (2)", false, 0);
        ended("greedy", () -> Sql.commit(host.connect(), "SELECT ARRAY_AGG(\"X\") FROM SYSTEM_RANGE(1, 100000000)"));
        ended("innocent", open::commit);
        Session next = host.connect();
        Sql.commit(next, "INSERT INTO t VALUES (3)");
        LOG.info("next has {} rows", Sql.single(next, Long.class, "SELECT COUNT(*) FROM t"));
        Runtime.getRuntime().halt(0);
    }

    private static void ended(String who, Runnable work) {
        try {
            work.run();
            LOG.info("{} was told that all is well", who);
        } catch (FatalError e) {
            LOG.info("{} ended with {}", who, ((Ereport) e).data().sqlState());
        }
    }
}
