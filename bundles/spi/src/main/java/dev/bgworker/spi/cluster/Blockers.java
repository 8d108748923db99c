package dev.bgworker.spi.cluster;

import dev.bgworker.api.process.Held;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which process waits for rows or tables of which, as ADMIN sees the engine's sessions. Thread-safe. */
public final class Blockers {

    private static final Logger LOG = LoggerFactory.getLogger(Blockers.class);

    private final Database database;
    private final Map<Long, Long> pids = new ConcurrentHashMap<>();

    Blockers(Database database) { this.database = database; }

    /** The engine's session belongs to that process, until closed. */
    public Held session(long number, long pid) {
        pids.put(number, pid);
        return () -> pids.remove(number, pid);
    }

    /** The pid that the engine's session waits for at this moment; empty for none, and when nobody knows. */
    public Set<Long> of(long number) {
        try {
            long blocker = database.ask(database.engine().blocker(number));
            Long pid = pids.get(blocker);
            return pid == null ? Set.of() : Set.of(pid);
        } catch (SQLException e) {
            LOG.debug("who blocks session {} is not known", number, e);
            return Set.of();
        }
    }
}
