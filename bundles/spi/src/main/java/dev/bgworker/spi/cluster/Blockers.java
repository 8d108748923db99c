package dev.bgworker.spi.cluster;

import dev.bgworker.api.process.Held;
import dev.bgworker.spi.engine.Engine;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which process waits for rows or tables of which, as ADMIN sees the engine's sessions. Thread-safe. */
public final class Blockers {

    private static final Logger LOG = LoggerFactory.getLogger(Blockers.class);

    private final Engine engine;
    private final AdminConnection admin;
    private final Map<Long, Long> pids = new ConcurrentHashMap<>();
    private final Set<KeyWatch> watches = ConcurrentHashMap.newKeySet();

    Blockers(Engine engine, AdminConnection admin) {
        this.engine = engine;
        this.admin = admin;
    }

    /** The engine's session belongs to that process, until closed. */
    public Held session(long number, long pid) {
        pids.put(number, pid);
        return () -> {
            pids.remove(number, pid);
            ended(number, true);
        };
    }

    /** Of a session that waits for a key, until closed. */
    public KeyWatch watch(long number, Duration longTime) {
        KeyWatch watch = new KeyWatch(() -> writersBeside(number), System::nanoTime, longTime.toNanos(), watches::remove);
        watches.add(watch);
        return watch;
    }

    /** The session has ended a transaction, or rolled back to a savepoint: who waits for a key may have it now. */
    public void ended(long number, boolean whole) {
        if (!watches.isEmpty()) {
            watches.forEach(each -> each.ended(number, whole));
        }
    }

    /** Other sessions that have written in their transactions; empty while ADMIN is busy. */
    private Optional<Set<Long>> writersBeside(long number) {
        try {
            return admin.askAll(engine.writersBeside(number));
        } catch (SQLException e) {
            LOG.debug("who blocks session {} is not known", number, e);
            return Optional.empty();
        }
    }

    /** Whose processes the engine's sessions are; 0 for one that is no process's. */
    public Set<Long> pids(Set<Long> sessions) {
        return sessions.stream().map(session -> pids.getOrDefault(session, 0L)).collect(Collectors.toSet());
    }

    /** The pid that the engine's session waits for at this moment; empty for none, and when nobody knows. */
    public Set<Long> of(long number) {
        try {
            long blocker = admin.ask(engine.blocker(number));
            Long pid = pids.get(blocker);
            return pid == null ? Set.of() : Set.of(pid);
        } catch (SQLException e) {
            LOG.debug("who blocks session {} is not known", number, e);
            return Set.of();
        }
    }
}
