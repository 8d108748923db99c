package dev.bgworker.spi.cluster;

import dev.bgworker.spi.engine.Engine;
import dev.bgworker.spi.engine.Inside;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ADMIN's connection to one database, and thereby whether that is open: the engine closes a database by itself when memory or
 * the disk gives out, and tells only whom it happens to. Thread-safe.
 */
final class AdminConnection {

    /** DEAD: the engine has closed it; nothing is known of what it kept until it was opened and checked. */
    enum State {
        CLOSED, OPEN, DEAD
    }

    /** What ADMIN does. */
    @FunctionalInterface
    interface Work<T> {
        T run(Connection admin) throws SQLException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(AdminConnection.class);

    private final Engine engine;
    // Guards the connection, which serves one request at a time; none of them waits for a worker.
    private final ReentrantLock lock = new ReentrantLock();
    // Under the lock; null unless OPEN.
    private Connection connection;
    // Both written under the lock.
    private volatile State state = State.CLOSED;
    private volatile long openings;

    AdminConnection(Engine engine) { this.engine = engine; }

    boolean open() { return state == State.OPEN; }

    boolean dead() { return state == State.DEAD; }

    /** How often it was opened: whose session is of another opening than this one has none any more. */
    long openings() {
        return openings;
    }

    /** Nothing when open already. */
    boolean open(Inside.Call<Connection> opener) throws SQLException {
        lock.lock();
        try {
            if (state == State.OPEN) {
                return false;
            }
            connection = opener.run();
            openings++;
            state = State.OPEN;
            return true;
        } finally {
            lock.unlock();
        }
    }

    <T> T run(String closed, Work<T> work) throws SQLException {
        lock.lock();
        try {
            if (connection == null) {
                throw new SQLException(closed, "57P03");
            }
            return Inside.host(() -> work.run(connection));
        } finally {
            lock.unlock();
        }
    }

    /** One number, 0 for none or while ADMIN is busy: who asks must not wait. */
    long ask(String query) throws SQLException {
        if (!lock.tryLock()) {
            return 0;
        }
        try {
            return connection == null ? 0 : Inside.host(() -> number(query));
        } finally {
            lock.unlock();
        }
    }

    /** Numbers; empty while ADMIN is busy. */
    Optional<Set<Long>> askAll(String query) throws SQLException {
        if (!lock.tryLock()) {
            return Optional.empty();
        }
        try {
            return connection == null ? Optional.empty() : Inside.host(() -> Optional.of(numbers(query)));
        } finally {
            lock.unlock();
        }
    }

    private Set<Long> numbers(String query) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(query)) {
            Set<Long> numbers = new HashSet<>();
            while (rows.next()) {
                numbers.add(rows.getLong(1));
            }
            return numbers;
        }
    }

    private long number(String query) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(query)) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    /**
     * Asks the engine whether it is still there. One that is not is DEAD from then on.
     *
     * @param died told of the reason before anybody can open it again
     * @return true for the one caller that found it dead
     */
    boolean findDead(Consumer<SQLException> died) {
        if (state != State.OPEN) {
            return false;
        }
        lock.lock();
        try {
            if (state != State.OPEN) {
                return false;
            }
            SQLException reason = failureOfAQuery();
            if (reason == null || !engine.fatal(reason)) {
                return false;
            }
            state = State.DEAD;
            end(engine.shutdown(false));
            died.accept(reason);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** In a transaction of its own: one that was left open would not look at the store. */
    private SQLException failureOfAQuery() {
        try {
            Inside.host(() -> {
                if (!connection.getAutoCommit()) {
                    connection.rollback();
                    connection.setAutoCommit(true);
                }
                return number(engine.pin());
            });
            return null;
        } catch (SQLException e) {
            return e;
        }
    }

    /** Whatever is left of it, so that the next to open it does not find the remains. */
    private void end(String shutdown) {
        try {
            Inside.host(() -> {
                try (Connection last = connection; Statement statement = last.createStatement()) {
                    return statement.execute(shutdown);
                }
            });
        } catch (SQLException e) {
            LOG.debug("it was closed already", e);
        } finally {
            connection = null;
        }
    }

    /**
     * For everybody; nothing when closed already. One that is DEAD is not closed by this.
     *
     * @return whether it was open
     */
    boolean close(String shutdown) throws SQLException {
        lock.lock();
        try {
            if (state != State.OPEN) {
                return false;
            }
            state = State.CLOSED;
            Inside.host(() -> {
                try (Statement statement = connection.createStatement()) {
                    return statement.execute(shutdown);
                }
            });
            return true;
        } catch (SQLException e) {
            // Closing the database closes the connection that asked for it, which then says that it is closed.
            if (engine.failure(e) != Engine.Failure.SESSION) {
                throw e;
            }
            return true;
        } finally {
            connection = null;
            lock.unlock();
        }
    }
}
